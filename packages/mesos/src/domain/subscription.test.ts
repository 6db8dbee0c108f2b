import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MasterLocation } from '../detection/master-location.js';
import type { Event } from '../generated/protocol.js';
import { backoffMs } from './backoff.js';
import { initialSubscription, type SubscriptionEffect, type SubscriptionEvent, type SubscriptionSettings } from './subscription-state.js';
import { nextSubscriptionWakeup, stepSubscription } from './subscription.js';

const settings: SubscriptionSettings = {
  backoff: { firstMs: 500, maxMs: 15_000 },
  missedHeartbeats: 5,
  subscribeTimeoutMs: 30_000,
  onFrameworkRemoved: 'stop',
};

const master = (name: string): MasterLocation => ({
  url: `http://${name}:5050`,
  masterInfo: { id: name, ip: 0, port: 5050 },
});

const subscribedEvent = (masterId = 'a', frameworkId = 'fw-1'): Event => ({
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: frameworkId }, heartbeat_interval_seconds: 15, master_info: { id: masterId, ip: 0, port: 5050 } },
});
const heartbeat: Event = { type: 'HEARTBEAT' };
const offers: Event = { type: 'OFFERS', offers: {} };
const error = (message: string): Event => ({ type: 'ERROR', error: { message } });

/** A machine with its own clock; `did` gives what it did since the last look. */
const machine = (options: Partial<SubscriptionSettings> = {}, frameworkId?: string) => {
  let state = initialSubscription({ ...settings, ...options }, frameworkId);
  let now = 1_000_000;
  let effects: SubscriptionEffect[] = [];
  const it = {
    feed: (event: SubscriptionEvent) => {
      const step = stepSubscription(state, event, { now, random: 0.5 });
      state = step.state;
      effects.push(...step.effects);
      return it;
    },
    on: (connection: number, ...events: Event[]) => {
      for (const event of events) it.feed({ type: 'event', connection, event });
      return it;
    },
    wait: (ms: number) => {
      now += ms;
      return it.feed({ type: 'tick' });
    },
    did: () => {
      const done = effects.filter((effect) => effect.type !== 'log');
      effects = [];
      return done.map((effect) => {
        switch (effect.type) {
          case 'subscribe':
            return `subscribe ${effect.connection} ${effect.url} ${effect.frameworkId ?? '-'}`;
          case 'close':
            return `close ${effect.connection}`;
          case 'notify':
            return `notify ${effect.connection} ${effect.notice.kind}`;
          default:
            return effect.type;
        }
      });
    },
    logged: () => JSON.stringify(effects.filter((effect) => effect.type === 'log')),
    notices: () => effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notice] : [])),
    lastNotice: () => effects.flatMap((effect) => (effect.type === 'notify' ? [effect.notice] : [])).at(-1),
    dueIn: () => {
      const due = nextSubscriptionWakeup(state);
      return due === undefined ? undefined : due - now;
    },
    subscribed: () => {
      it.feed({ type: 'leader', leader: master('a') })
        .feed({ type: 'opened', connection: 1, streamId: 's1' })
        .on(1, subscribedEvent());
      effects = [];
      return it;
    },
  };
  return it;
};

describe('subscription', () => {
  it('waits for a leader, subscribes at once, and tells of the subscription', () => {
    const m = machine();
    expect(m.dueIn()).toBeUndefined();
    m.feed({ type: 'leader', leader: undefined });
    expect(m.did()).toEqual([]);
    m.feed({ type: 'leader', leader: master('a') });
    expect(m.did()).toEqual(['subscribe 1 http://a:5050 -']);
    m.feed({ type: 'opened', connection: 1, streamId: 's1' }).on(1, subscribedEvent());
    expect(m.lastNotice()).toMatchObject({
      kind: 'subscribed',
      frameworkId: 'fw-1',
      newFramework: true,
      streamId: 's1',
      heartbeatIntervalSeconds: 15,
    });
  });

  it('hands on every event but SUBSCRIBED and HEARTBEAT', () => {
    const m = machine()
      .subscribed()
      .on(1, heartbeat, offers, subscribedEvent(), { type: 'RESCIND', rescind: { offer_id: { value: 'o' } } });
    expect(m.did()).toEqual(['notify 1 event', 'notify 1 event']);
  });

  it('comes back with the framework id after a loss, and says that it is no new framework', () => {
    const m = machine().subscribed().feed({ type: 'lost', connection: 1, reason: 'cut' });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected']);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 2 http://a:5050 fw-1']);
    m.feed({ type: 'opened', connection: 2, streamId: 's2' }).on(2, subscribedEvent());
    expect(m.lastNotice()).toMatchObject({ kind: 'subscribed', newFramework: false });
  });

  it('backs off to 15 s, jittered, and starts over only after a subscription that held', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    const waits = Array.from({ length: 8 }, (_, index) => {
      m.feed({ type: 'lost', connection: index + 1, reason: 'ECONNREFUSED' });
      const wait = m.dueIn()!;
      m.wait(wait);
      return wait;
    });
    expect(waits).toEqual([375, 750, 1500, 3000, 6000, 11_250, 11_250, 11_250]);

    m.feed({ type: 'opened', connection: 9, streamId: 's' }).on(9, subscribedEvent()).feed({ type: 'lost', connection: 9, reason: 'cut' });
    expect(m.dueIn()).toBe(11_250);
    m.wait(11_250).feed({ type: 'opened', connection: 10, streamId: 's' }).on(10, subscribedEvent());
    m.wait(15_000).feed({ type: 'lost', connection: 10, reason: 'cut' });
    expect(m.dueIn()).toBe(375);
  });

  it('counts the subscription as lost after 5 missed heartbeats; any event is a sign of life', () => {
    const m = machine().subscribed();
    expect(m.dueIn()).toBe(75_000);
    m.wait(74_000).on(1, offers);
    expect(m.dueIn()).toBe(75_000);
    m.wait(74_000).feed({ type: 'alive', connection: 1 }).did();
    expect(m.wait(74_999).did()).toEqual([]);
    expect(m.wait(1).did()).toEqual(['close 1', 'notify 1 disconnected']);
  });

  it('gives up an attempt that is not answered', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    m.did();
    expect(m.wait(30_000).did()).toEqual(['close 1']);
    expect(m.logged()).toBe('[]');
  });

  it('switches at once when another master leads', () => {
    const m = machine()
      .subscribed()
      .feed({ type: 'leader', leader: master('b') });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected', 'subscribe 2 http://b:5050 fw-1']);
    m.feed({ type: 'leader', leader: master('c') });
    expect(m.did()).toEqual(['close 2', 'subscribe 3 http://c:5050 fw-1']);
    m.feed({ type: 'lost', connection: 3, reason: 'refused' }).did();
    expect(m.feed({ type: 'leader', leader: master('d') }).did()).toEqual(['subscribe 4 http://d:5050 fw-1']);
  });

  it('stays when the leader is unknown for a while, or known under another address', () => {
    const m = machine().subscribed().feed({ type: 'leader', leader: undefined });
    m.feed({ type: 'leader', leader: { ...master('a'), url: 'http://10.0.0.1:5050' } });
    expect(m.did()).toEqual([]);
  });

  it('takes a master started anew at the same address for another one', () => {
    const m = machine()
      .subscribed()
      .feed({ type: 'leader', leader: { ...master('new'), url: 'http://a:5050' } });
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected', 'subscribe 2 http://a:5050 fw-1']);
  });

  it('does not forget the backoff when the same leader is named again', () => {
    const m = machine()
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'lost', connection: 1, reason: 'ECONNREFUSED' });
    m.did();
    m.feed({ type: 'leader', leader: undefined });
    expect(m.dueIn()).toBeUndefined();
    expect(m.feed({ type: 'leader', leader: master('a') }).did()).toEqual([]);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 2 http://a:5050 -']);
  });

  it('follows a redirect at once, a few in a row, then goes back to the leader that detection knows', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    const redirect = (connection: number, to?: string) => m.feed({ type: 'refused', connection, status: 307, redirect: to, text: '' });
    redirect(1, 'http://b:5050');
    redirect(2, 'http://c:5050');
    redirect(3, 'http://b:5050');
    redirect(4, 'http://c:5050');
    expect(m.did()).toEqual([
      'subscribe 1 http://a:5050 -',
      'close 1',
      'subscribe 2 http://b:5050 -',
      'close 2',
      'subscribe 3 http://c:5050 -',
      'close 3',
      'subscribe 4 http://b:5050 -',
      'close 4',
    ]);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 5 http://a:5050 -']);
  });

  it.each([307, 400, 401, 403, 404, 415, 500, 503])('tries again after %i, and logs what it said', (status) => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    m.feed({ type: 'refused', connection: 1, status, text: 'the reason' });
    expect(m.logged()).toContain(`${status} (the reason)`);
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 1 http://a:5050 -', 'close 1', 'subscribe 2 http://a:5050 -']);
  });

  it('tries again when the answer has no stream id', () => {
    const m = machine()
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'opened', connection: 1, streamId: undefined });
    expect(m.logged()).toContain('no Mesos-Stream-Id');
    expect(m.did()).toEqual(['subscribe 1 http://a:5050 -', 'close 1']);
  });

  it('stands down when another instance took over', () => {
    const m = machine().subscribed().on(1, error('Framework failed over'));
    expect(m.did()).toEqual(['close 1', 'notify 1 disconnected', 'notify 1 failed-over', 'end']);
    expect(
      m
        .feed({ type: 'leader', leader: master('b') })
        .wait(100_000)
        .did(),
    ).toEqual([]);
  });

  it('does not stand down when the stream that its own resubscription replaced says so', () => {
    const m = machine().subscribed().feed({ type: 'lost', connection: 1, reason: 'cut' });
    m.wait(m.dueIn()!).feed({ type: 'opened', connection: 2, streamId: 's2' }).on(2, subscribedEvent()).did();
    expect(m.on(1, error('Framework failed over'), offers).feed({ type: 'lost', connection: 1, reason: 'end' }).did()).toEqual([]);
    expect(m.on(2, offers).did()).toEqual(['notify 2 event']);
  });

  it('stops when the framework was removed', () => {
    const m = machine({}, 'fw-0')
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'opened', connection: 1, streamId: 's1' });
    m.did();
    m.on(1, error('Framework has been removed'));
    expect(m.lastNotice()).toEqual({ kind: 'framework-removed', frameworkId: 'fw-0', reason: 'Framework has been removed' });
    expect(m.did()).toEqual(['close 1', 'notify 1 framework-removed', 'end']);
  });

  it('or forgets its id, when told to, and subscribes as a new framework', () => {
    const m = machine({ onFrameworkRemoved: 'forget' }, 'fw-0').feed({ type: 'leader', leader: master('a') });
    m.feed({ type: 'opened', connection: 1, streamId: 's1' }).on(1, error('Framework has been removed')).wait(0);
    expect(m.did()).toEqual(['subscribe 1 http://a:5050 fw-0', 'close 1', 'notify 1 framework-removed', 'subscribe 2 http://a:5050 -']);
  });

  it('tries again after any other ERROR', () => {
    const m = machine({}, 'fw-0')
      .feed({ type: 'leader', leader: master('a') })
      .feed({ type: 'opened', connection: 1, streamId: 's1' });
    m.on(1, error("'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable"));
    expect(m.logged()).toContain('must not be set');
    expect(m.wait(m.dueIn()!).did()).toEqual(['subscribe 1 http://a:5050 fw-0', 'close 1', 'subscribe 2 http://a:5050 fw-0']);
  });

  it('ends without notices when told to stop', () => {
    expect(machine().subscribed().feed({ type: 'stop' }).did()).toEqual(['close 1', 'end']);
    expect(
      machine()
        .feed({ type: 'stop' })
        .feed({ type: 'leader', leader: master('a') })
        .did(),
    ).toEqual(['end']);
  });
});

describe('backoffMs', () => {
  it('stays between half and all of the doubled wait, below the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
        const full = Math.min(15_000, 500 * 2 ** (failures - 1));
        const wait = backoffMs(settings.backoff, failures, random);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(wait).toBeLessThanOrEqual(full);
      }),
    );
  });
});

describe('the end of a subscription', () => {
  const subscribed = () => {
    const m = machine({}, 'fw-1').feed({ type: 'leader', leader: master('a') });
    m.feed({ type: 'opened', connection: 1, streamId: 's1' }).on(1, subscribedEvent());
    return m;
  };

  it.each([
    ['leader-changed', subscribed().feed({ type: 'leader', leader: master('b') })],
    ['heartbeats-missed', subscribed().wait(75_000)],
    ['error-event', subscribed().on(1, error('Framework failed over'), heartbeat)],
    ['stream-lost', subscribed().feed({ type: 'lost', connection: 1, reason: 'reset' })],
    ['calls-lost', subscribed().feed({ type: 'lost', connection: 1, reason: 'reset', cause: 'calls-lost' })],
  ])('says %s', (cause, m) => {
    expect(m.notices().find(({ kind }) => kind === 'disconnected')).toMatchObject({ cause });
  });
});
