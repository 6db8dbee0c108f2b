import type { MasterLocation } from '../detection/master-location.js';
import {
  initialSubscription,
  type SubscriptionEffect,
  type SubscriptionEvent,
  type SubscriptionSettings,
} from '../domain/subscription-state.js';
import { nextSubscriptionWakeup, stepSubscription } from '../domain/subscription.js';
import type { Event } from '../generated/protocol.js';

export const settings: SubscriptionSettings = {
  backoff: { firstMs: 500, maxMs: 15_000 },
  missedHeartbeats: 5,
  subscribeTimeoutMs: 30_000,
  onFrameworkRemoved: 'stop',
};

export const master = (name: string): MasterLocation => ({
  url: `http://${name}:5050`,
  masterInfo: { id: name, ip: 0, port: 5050 },
});

export const subscribedEvent = (masterId = 'a', frameworkId = 'fw-1'): Event => ({
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: frameworkId }, heartbeat_interval_seconds: 15, master_info: { id: masterId, ip: 0, port: 5050 } },
});
export const heartbeat: Event = { type: 'HEARTBEAT' };
export const offers: Event = { type: 'OFFERS', offers: {} };
export const error = (message: string): Event => ({ type: 'ERROR', error: { message } });

/** A machine with its own clock; `did` gives what it did since the last look. */
export const machine = (options: Partial<SubscriptionSettings> = {}, frameworkId?: string) => {
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
