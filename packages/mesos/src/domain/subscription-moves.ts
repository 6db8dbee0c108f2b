import type { MasterLocation } from '../detection/master-location.js';
import type { TlsProblem } from '../http/connection-failure.js';
import type { DisconnectCause } from '../scheduler-notice.js';
import { backoffMs, longestBackoffMs } from './backoff.js';
import type { Phase, SubscriptionEffect, SubscriptionState, SubscriptionStep } from './subscription-state.js';

/** Time (ms of any clock that only goes forward) and chance (0 ≤ random < 1) at an event. */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

/** Nothing changes. */
export const same = (state: SubscriptionState): SubscriptionStep => ({ state, effects: [] });

/** Closes the stream if there is one. */
export const closing = (phase: Phase): SubscriptionEffect[] =>
  phase.kind === 'subscribing' || phase.kind === 'subscribed' ? [{ type: 'close', connection: phase.connection }] : [];

/** Closes the stream; whoever was told of a subscription is told of its end. */
export const leave = (phase: Phase, reason: string, cause: DisconnectCause): SubscriptionEffect[] => [
  ...closing(phase),
  ...(phase.kind === 'subscribed'
    ? [{ type: 'notify', connection: phase.connection, notice: { kind: 'disconnected', reason, cause } } as const]
    : []),
];

/** For good. */
export const stop = (state: SubscriptionState, effects: readonly SubscriptionEffect[]): SubscriptionStep => ({
  state: { ...state, phase: { kind: 'stopped' } },
  effects: [...effects, { type: 'end' }],
});

/** Tries a master; the stream gets a number of its own. */
export const subscribe = (
  state: SubscriptionState,
  master: MasterLocation,
  { now }: Moment,
  effects: readonly SubscriptionEffect[] = [],
): SubscriptionStep => {
  const connection = state.lastConnection + 1;
  const { frameworkId } = state;
  return {
    state: {
      ...state,
      tried: state.leader,
      lastConnection: connection,
      phase: { kind: 'subscribing', connection, master, frameworkId, deadline: now + state.settings.subscribeTimeoutMs },
    },
    effects: [...effects, { type: 'subscribe', connection, url: master.url, frameworkId }],
  };
};

/** A subscription counts as one that held when it outlasted the wait that its loss would lead to else: so a master that cuts each at once is asked ever more seldom. */
const shortLivedNow = ({ phase, settings, shortLived }: SubscriptionState, now: number): number => {
  if (phase.kind !== 'subscribed') return shortLived;
  return now - phase.since >= longestBackoffMs(settings.backoff, shortLived + 1) ? 0 : shortLived + 1;
};

/**
 * Gives the stream up and tries again after a while, at the leader that detection knows.
 * @param known for whoever reads the log by program: `status` of the answer, `error`, the text of an ERROR event, or the `tlsProblem`
 */
export const lose = (
  state: SubscriptionState,
  reason: string,
  { now, random }: Moment,
  cause: DisconnectCause,
  known: { readonly status?: number; readonly error?: string; readonly tlsProblem?: TlsProblem } = {},
): SubscriptionStep => {
  const { phase, settings } = state;
  const shortLived = shortLivedNow(state, now);
  const failures = phase.kind === 'subscribed' ? Math.max(1, shortLived) : state.failures + 1;
  const wait = backoffMs(settings.backoff, failures, random);
  const master = phase.kind === 'subscribing' || phase.kind === 'subscribed' ? phase.master.url : undefined;
  return {
    state: { ...state, failures, shortLived, redirects: 0, phase: { kind: 'waiting', retryAt: now + wait } },
    effects: [
      ...leave(phase, reason, cause),
      {
        type: 'log',
        level: 'warn',
        message: phase.kind === 'subscribed' ? 'lost the subscription' : 'could not subscribe',
        fields: { reason, master, retryInMs: wait, ...known },
      },
    ],
  };
};
