import { describe, expect, it } from 'vitest';
import { error, heartbeat, machine, master, offers, subscribedEvent } from '../testing/subscription-machine.js';

describe('what the stream says', () => {
  it('hands on every event but SUBSCRIBED and HEARTBEAT', () => {
    const m = machine()
      .subscribed()
      .on(1, heartbeat, offers, subscribedEvent(), { type: 'RESCIND', rescind: { offer_id: { value: 'o' } } });
    expect(m.did()).toEqual(['notify 1 event', 'notify 1 event']);
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
    m.feed({ type: 'opened', connection: 1, streamId: 's1' }).on(1, error('Framework has been removed')).wait(375);
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
