import type { MasterLocation } from '../detection/master-location.js';
import { refusalAdvice } from './refusal-advice.js';
import { streamEvent, touched } from './stream-event.js';
import { closing, leave, lose, same, stop, subscribe, type Moment } from './subscription-moves.js';
import type { SubscriptionEvent, SubscriptionState, SubscriptionStep } from './subscription-state.js';

/** Each non-leader knows the leader, so more than a few redirects in a row are a loop. */
const MAX_REDIRECTS = 3;
/**
 * The life of a subscription: wait for a leader, subscribe, read, and again after every loss (docs/scheduler-http-api.md).
 * At most one stream is current; what any other one still says is dropped.
 */
export const stepSubscription = (state: SubscriptionState, event: SubscriptionEvent, moment: Moment): SubscriptionStep => {
  const { phase } = state;
  if (phase.kind === 'stopped') return same(state);
  switch (event.type) {
    case 'stop':
      return stop(state, closing(phase));
    case 'leader':
      return leaderChanged(state, event.leader, moment);
    case 'tick':
      return tick(state, moment);
    default:
  }
  if (phase.kind === 'waiting' || event.connection !== phase.connection) return same(state);
  switch (event.type) {
    case 'opened':
      if (phase.kind !== 'subscribing') return same(state);
      if (event.streamId === undefined) return lose(state, 'the answer to SUBSCRIBE has no Mesos-Stream-Id', moment, 'stream-lost');
      return { state: { ...state, phase: { ...phase, streamId: event.streamId } }, effects: [] };
    case 'refused':
      return refused(state, event, moment);
    case 'lost':
      return lose(state, event.reason, moment, event.cause ?? 'stream-lost', event.tlsProblem && { tlsProblem: event.tlsProblem });
    case 'alive':
      return { state: touched(state, moment), effects: [] };
    case 'event':
      return streamEvent(touched(state, moment), event, moment);
  }
};

/** When a tick is due (ms), undefined when only events can move it. */
export const nextSubscriptionWakeup = ({ phase, leader, settings }: SubscriptionState): number | undefined => {
  switch (phase.kind) {
    case 'waiting':
      return leader === undefined ? undefined : phase.retryAt;
    case 'subscribing':
      return phase.deadline;
    case 'subscribed':
      return phase.lastEventAt + settings.missedHeartbeats * phase.heartbeatIntervalMs;
    case 'stopped':
      return undefined;
  }
};

/** By its id where both are known: the same master may be reached under several names, and a new one under the same. */
const isSame = (a: MasterLocation, b: MasterLocation): boolean =>
  a.masterInfo !== undefined && b.masterInfo !== undefined ? a.masterInfo.id === b.masterInfo.id : a.url === b.url;

const leaderChanged = (before: SubscriptionState, leader: MasterLocation | undefined, moment: Moment): SubscriptionStep => {
  const state = { ...before, leader };
  const { phase } = before;
  // Nobody known to lead is no reason to give up a stream: the master may well live on while ZooKeeper does not.
  if (leader === undefined || phase.kind === 'stopped') return same(state);
  if (phase.kind === 'waiting') {
    if (before.tried === undefined || !isSame(before.tried, leader))
      return subscribe({ ...state, failures: 0, shortLived: 0 }, leader, moment);
    // The one that was tried before, named again: the backoff goes on.
    return phase.retryAt <= moment.now ? subscribe(state, leader, moment) : same(state);
  }
  if (isSame(phase.master, leader)) return same(state);
  return subscribe(
    { ...state, failures: 0, shortLived: 0, redirects: 0 },
    leader,
    moment,
    leave(phase, `another master leads: ${leader.url}`, 'leader-changed'),
  );
};

const tick = (state: SubscriptionState, moment: Moment): SubscriptionStep => {
  const due = nextSubscriptionWakeup(state);
  if (due === undefined || moment.now < due) return same(state);
  const { phase, leader, settings } = state;
  if (phase.kind === 'waiting') return leader === undefined ? same(state) : subscribe(state, leader, moment);
  return lose(
    state,
    phase.kind === 'subscribing'
      ? `no answer to SUBSCRIBE within ${settings.subscribeTimeoutMs / 1000} s`
      : `no event for ${settings.missedHeartbeats} heartbeat intervals`,
    moment,
    'heartbeats-missed',
  );
};

const refused = (
  state: SubscriptionState,
  { status, redirect, text }: SubscriptionEvent & { readonly type: 'refused' },
  moment: Moment,
): SubscriptionStep => {
  if (status === 307 && redirect !== undefined && state.redirects < MAX_REDIRECTS)
    return subscribe(
      { ...state, redirects: state.redirects + 1 },
      { url: redirect },
      moment,
      leave(state.phase, 'redirected', 'leader-changed'),
    );
  return lose(
    state,
    `SUBSCRIBE was answered with ${status}${text === '' ? '' : ` (${text})`}${refusalAdvice(status)}`,
    moment,
    'stream-lost',
    { status },
  );
};
