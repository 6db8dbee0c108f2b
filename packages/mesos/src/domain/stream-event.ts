import type { Event } from '../generated/protocol.js';
import { backoffMs } from './backoff.js';
import { leave, lose, same, stop, type Moment } from './subscription-moves.js';
import type { SubscriptionEffect, SubscriptionEvent, SubscriptionState, SubscriptionStep } from './subscription-state.js';

const DEFAULT_HEARTBEAT_SECONDS = 15;

/** Another instance subscribed with our framework id (src/master/master.cpp). */
const FAILED_OVER = 'Framework failed over';
/** The id is of a framework that was torn down, or whose failover timeout passed (src/master/master.cpp). */
const REMOVED = 'Framework has been removed';

/** Signs of life that come closer together, in parts of the heartbeat's interval, are noted as one: there are thousands a second. */
const NOTED = 1 / 1_000;

/** The stream lives. */
export const touched = (state: SubscriptionState, { now }: Moment): SubscriptionState => {
  const { phase } = state;
  if (phase.kind !== 'subscribed' || now - phase.lastEventAt < phase.heartbeatIntervalMs * NOTED) return state;
  return { ...state, phase: { ...phase, lastEventAt: now } };
};

/** What an event of the current stream leads to. */
export const streamEvent = (
  state: SubscriptionState,
  { event, bytes }: SubscriptionEvent & { readonly type: 'event' },
  moment: Moment,
): SubscriptionStep => {
  const { phase } = state;
  if (event.type === 'ERROR') return streamError(state, event.error?.message ?? 'ERROR without a message', moment);
  if (phase.kind === 'subscribing' && event.type === 'SUBSCRIBED' && event.subscribed) return subscribed(state, event.subscribed, moment);
  if (phase.kind !== 'subscribed' || event.type === 'HEARTBEAT' || event.type === 'SUBSCRIBED') return same(state);
  if (event.type === undefined || event.type === 'UNKNOWN')
    return { state, effects: [{ type: 'log', level: 'warn', message: 'ignored an event of a type that this client does not know' }] };
  return { state, effects: [{ type: 'notify', connection: phase.connection, notice: { kind: 'event', event }, bytes }] };
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
      failures: state.shortLived,
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
  // The new framework has nothing to do with what the old one failed at, but a master that removes each is not asked without a pause.
  const retryAt = moment.now + backoffMs(state.settings.backoff, 1, moment.random);
  const anew: SubscriptionState = { ...state, frameworkId: undefined, failures: 0, shortLived: 0, phase: { kind: 'waiting', retryAt } };
  return { state: anew, effects };
};
