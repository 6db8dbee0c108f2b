import type { MasterLocation } from '../detection/master-location.js';
import type { Event } from '../generated/protocol.js';
import type { DisconnectCause } from '../scheduler-notice.js';
import { backoffMs } from './backoff.js';
import { refusalAdvice } from './refusal-advice.js';
import type { Phase, SubscriptionEffect, SubscriptionEvent, SubscriptionState, SubscriptionStep } from './subscription-state.js';

/** Time (ms of any clock that only goes forward) and chance (0 ≤ random < 1) at an event. */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

/** Each non-leader knows the leader, so more than a few redirects in a row are a loop. */
const MAX_REDIRECTS = 3;
const DEFAULT_HEARTBEAT_SECONDS = 15;

/** Another instance subscribed with our framework id (src/master/master.cpp). */
const FAILED_OVER = 'Framework failed over';
/** The id is of a framework that was torn down, or whose failover timeout passed (src/master/master.cpp). */
const REMOVED = 'Framework has been removed';

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
      return lose(state, event.reason, moment, event.cause ?? 'stream-lost');
    case 'alive':
      return { state: touched(state, moment), effects: [] };
    case 'event':
      return streamEvent(touched(state, moment), event.event, moment);
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

const same = (state: SubscriptionState): SubscriptionStep => ({ state, effects: [] });

const closing = (phase: Phase): SubscriptionEffect[] =>
  phase.kind === 'subscribing' || phase.kind === 'subscribed' ? [{ type: 'close', connection: phase.connection }] : [];

/** Closes the stream; whoever was told of a subscription is told of its end. */
const leave = (phase: Phase, reason: string, cause: DisconnectCause): SubscriptionEffect[] => [
  ...closing(phase),
  ...(phase.kind === 'subscribed'
    ? [{ type: 'notify', connection: phase.connection, notice: { kind: 'disconnected', reason, cause } } as const]
    : []),
];

const stop = (state: SubscriptionState, effects: readonly SubscriptionEffect[]): SubscriptionStep => ({
  state: { ...state, phase: { kind: 'stopped' } },
  effects: [...effects, { type: 'end' }],
});

const subscribe = (
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

/** By its id where both are known: the same master may be reached under several names, and a new one under the same. */
const isSame = (a: MasterLocation, b: MasterLocation): boolean =>
  a.masterInfo !== undefined && b.masterInfo !== undefined ? a.masterInfo.id === b.masterInfo.id : a.url === b.url;

const leaderChanged = (before: SubscriptionState, leader: MasterLocation | undefined, moment: Moment): SubscriptionStep => {
  const state = { ...before, leader };
  const { phase } = before;
  // Nobody known to lead is no reason to give up a stream: the master may well live on while ZooKeeper does not.
  if (leader === undefined || phase.kind === 'stopped') return same(state);
  if (phase.kind === 'waiting') {
    if (before.tried === undefined || !isSame(before.tried, leader)) return subscribe({ ...state, failures: 0 }, leader, moment);
    // The one that was tried before, named again: the backoff goes on.
    return phase.retryAt <= moment.now ? subscribe(state, leader, moment) : same(state);
  }
  if (isSame(phase.master, leader)) return same(state);
  return subscribe(
    { ...state, failures: 0, redirects: 0 },
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

/**
 * Gives the stream up and tries again after a while, at the leader that detection knows.
 * @param answered for whoever reads the log by program: `status` of the answer, or `error`, the text of an ERROR event
 */
const lose = (
  state: SubscriptionState,
  reason: string,
  { now, random }: Moment,
  cause: DisconnectCause,
  answered: { readonly status?: number; readonly error?: string } = {},
): SubscriptionStep => {
  const { phase, settings } = state;
  const held = phase.kind === 'subscribed' && now - phase.since >= settings.backoff.maxMs;
  const failures = held ? 1 : state.failures + 1;
  const wait = backoffMs(settings.backoff, failures, random);
  const master = phase.kind === 'subscribing' || phase.kind === 'subscribed' ? phase.master.url : undefined;
  return {
    state: { ...state, failures, redirects: 0, phase: { kind: 'waiting', retryAt: now + wait } },
    effects: [
      ...leave(phase, reason, cause),
      {
        type: 'log',
        level: 'warn',
        message: phase.kind === 'subscribed' ? 'lost the subscription' : 'could not subscribe',
        fields: { reason, master, retryInMs: wait, ...answered },
      },
    ],
  };
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

const touched = (state: SubscriptionState, { now }: Moment): SubscriptionState =>
  state.phase.kind === 'subscribed' ? { ...state, phase: { ...state.phase, lastEventAt: now } } : state;

const streamEvent = (state: SubscriptionState, event: Event, moment: Moment): SubscriptionStep => {
  const { phase } = state;
  if (event.type === 'ERROR') return streamError(state, event.error?.message ?? 'ERROR without a message', moment);
  if (phase.kind === 'subscribing' && event.type === 'SUBSCRIBED' && event.subscribed) return subscribed(state, event.subscribed, moment);
  if (phase.kind !== 'subscribed' || event.type === 'HEARTBEAT' || event.type === 'SUBSCRIBED') return same(state);
  if (event.type === undefined || event.type === 'UNKNOWN')
    return { state, effects: [{ type: 'log', level: 'warn', message: 'ignored an event of a type that this client does not know' }] };
  return { state, effects: [{ type: 'notify', connection: phase.connection, notice: { kind: 'event', event } }] };
};

const subscribed = (state: SubscriptionState, answer: Event.Subscribed, { now }: Moment): SubscriptionStep => {
  const { phase } = state;
  if (phase.kind !== 'subscribing' || phase.streamId === undefined) return same(state);
  const { connection, streamId } = phase;
  const frameworkId = answer.framework_id.value;
  const masterInfo = answer.master_info ?? phase.master.masterInfo;
  const seconds = answer.heartbeat_interval_seconds ?? 0;
  const heartbeatIntervalSeconds = seconds > 0 ? seconds : DEFAULT_HEARTBEAT_SECONDS;
  const newFramework = phase.frameworkId === undefined;
  return {
    state: {
      ...state,
      frameworkId,
      redirects: 0,
      phase: {
        kind: 'subscribed',
        connection,
        master: { url: phase.master.url, masterInfo },
        since: now,
        lastEventAt: now,
        heartbeatIntervalMs: heartbeatIntervalSeconds * 1000,
      },
    },
    effects: [
      { type: 'log', level: 'info', message: 'subscribed', fields: { frameworkId, master: phase.master.url, newFramework } },
      {
        type: 'notify',
        connection,
        notice: { kind: 'subscribed', frameworkId, heartbeatIntervalSeconds, masterInfo, newFramework, streamId },
      },
    ],
  };
};

/** An ERROR ends the stream; only two kinds of it are not to be answered with another try. */
const streamError = (state: SubscriptionState, message: string, moment: Moment): SubscriptionStep => {
  const { phase, frameworkId } = state;
  const left = leave(phase, `the master says: ${message}`, 'error-event');
  if (message === FAILED_OVER)
    return stop(state, [...left, { type: 'notify', connection: state.lastConnection, notice: { kind: 'failed-over', reason: message } }]);
  if (message !== REMOVED || frameworkId === undefined)
    return lose(state, `the master says: ${message}`, moment, 'error-event', { error: message });
  const effects: SubscriptionEffect[] = [
    ...left,
    {
      type: 'log',
      level: 'error',
      message: 'the framework was removed: its failover timeout passed, or it was torn down',
      fields: { frameworkId },
    },
    { type: 'notify', connection: state.lastConnection, notice: { kind: 'framework-removed', frameworkId, reason: message } },
  ];
  if (state.settings.onFrameworkRemoved === 'stop') return stop(state, effects);
  const anew: SubscriptionState = { ...state, frameworkId: undefined, phase: { kind: 'waiting', retryAt: moment.now } };
  return { state: anew, effects };
};
