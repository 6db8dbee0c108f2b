import type { Reply } from '@streams-on-mesos/messages';
import { returnAgent } from './avoidance/return-agent.js';
import { readEvents } from './client-events.js';
import type { Context } from './context.js';
import { newContext, touch } from './context.js';
import { updateDemand } from './demand/demand.js';
import { noteWaiting } from './demand/note-waiting.js';
import type { DomainEvent, FailureEvent, PutConfigEvent, RequestEvent } from './events.js';
import { onWorkloadResolved } from './deferred/deferred-workload.js';
import { onRescinds } from './deferred/held-offers.js';
import { onCallAnswered } from './launching/launching.js';
import { recallMaintenance } from './maintenance/announced.js';
import { onInverseOffers, onRescindedInverseOffers } from './maintenance/inverse-offers.js';
import type { State, Step } from './model.js';
import { forgetAgent } from './agents/forget-agent.js';
import { onOffers } from './matching/offers.js';
import { sameSubscription } from './positions.js';
import { changesOf } from './records.js';
import { reconcileTasks } from './reconciliation/reconciliation.js';
import { cancel, release } from './requests/release.js';
import { allocate } from './requests/requests.js';
import { checkScalingConfig } from './scaling/scaling-config.js';
import { putScalingConfig, scaleNodes } from './scaling/scaling.js';
import { settle } from './requests/settle.js';
import { validateStop } from './requests/validate-stop.js';
import { onStopHookRun } from './stopping/stop-hook.js';
import { resumeStop } from './stopping/stopping.js';
import { noteSubscription, onSubscribed, onUnsubscribed, sayHello } from './subscription.js';
import { onUpdate } from './tasks/task-status.js';
import { onTick } from './ticks.js';
import { adoptUnknownTasks } from './reconciliation/adopt-unknown-tasks.js';
import { disownUnknownTasks } from './reconciliation/unknown-tasks.js';
import { listResources } from './views/list-resources.js';

export { loadState } from './load-state.js';

/** Decides what follows from one event. Never throws for what an event contains. `now` is epoch milliseconds. */
export const step = (state: State, event: DomainEvent, now: number): Step => {
  const context = newContext(state, now);
  handle(context, event);
  updateDemand(context);
  return { state, changes: changesOf(context), effects: context.effects };
};

/** When the next { type: 'tick' } is due, in epoch milliseconds; undefined: not before another event. */
export const nextWakeup = (state: State): number | undefined => state.timers.next();

const handle = (context: Context, event: DomainEvent): void => {
  if ('subscription' in event && event.type !== 'subscribed') noteSubscription(context, event.subscription);
  switch (event.type) {
    case 'leading':
      return onLeading(context, event.term);
    case 'reconnected':
      return sayHello(context, { reconcile: true });
    case 'tick':
      return onTick(context);
    case 'subscribed':
      return onSubscribed(context, event);
    case 'unsubscribed':
      return onUnsubscribed(context, event.subscription, event.reason);
    case 'offers':
      return onOffers(context, event);
    case 'rescinds':
      return onRescinds(context, event.offerIds);
    case 'inverse-offers':
      return onInverseOffers(context, event);
    case 'rescinded-inverse-offers':
      return onRescindedInverseOffers(context, event.inverseOfferIds);
    case 'failure':
      return onFailure(context, event);
    case 'update':
      return onUpdate(context, event);
    case 'call-answered':
      return onCallAnswered(context, event);
    case 'workload-resolved':
      return onWorkloadResolved(context, event);
    case 'stop-hook-run':
      return onStopHookRun(context, event);
    case 'request':
      return onRequest(context, event);
    case 'put-config':
      return onPutConfig(context, event);
    case 'return-agent':
      returnAgent(context, event.agentId);
      return replyToHttp(context, event.messageId, { done: {} });
    case 'kill-unknown-tasks':
      disownUnknownTasks(context);
      return replyToHttp(context, event.messageId, { done: {} });
    case 'adopt-unknown-tasks':
      adoptUnknownTasks(context, event.messageId);
      return replyToHttp(context, event.messageId, { done: {} });
  }
};

/** The term is written before any effect of it leaves: from then on no earlier leader can write. */
const onLeading = (context: Context, term: number): void => {
  const { state } = context;
  state.leader.term = term;
  state.leader.since = context.now;
  state.durable.term = term;
  touch(context, 'meta', 'state');
  for (const [table, key] of state.outdated.splice(0)) touch(context, table, key);
  for (const resource of state.resources.values()) {
    if (resource.state === 'STOPPING' && resource.task !== undefined) resumeStop(context, resource, resource.task);
  }
  recallMaintenance(context);
  sayHello(context, { reconcile: true });
  scaleNodes(context);
  for (const request of state.waiting) noteWaiting(state, request);
};

/** Says only that something ended; what it means for tasks is told by their statuses, in whatever order. */
const onFailure = (context: Context, { subscription, agentId, executorId }: FailureEvent): void => {
  const isCurrent = sameSubscription(subscription, context.state.leader.subscription);
  if (isCurrent && agentId !== undefined && executorId === undefined) forgetAgent(context.state, agentId);
  const tasks = (context.state.tasksByAgent.get(agentId ?? '') ?? []).filter(
    (task) => task.supersededAt === undefined && (executorId === undefined || executorId === task.id),
  );
  reconcileTasks(context, tasks);
};

const onRequest = (context: Context, event: RequestEvent): void => {
  const isLate = event.deadlineMs !== undefined && context.now > event.deadlineMs;
  const answer = answerRequest(context, event, isLate);
  if (event.replyTo === undefined) return;
  const reply = { in_reply_to: event.messageId, ...answer };
  context.effects.push({ type: 'reply', replyTo: event.replyTo, inReplyTo: event.messageId, reply, traceId: event.traceId });
};

const answerRequest = (context: Context, { body, traceId }: RequestEvent, isLate: boolean): Omit<Reply, 'in_reply_to'> => {
  switch (body.kind) {
    case 'allocate':
      return allocate(context, body.allocate, traceId, isLate);
    case 'settle':
      // Nobody would hear the answer: left open, the request is settled by the retry.
      return isLate ? tooLate : settle(context, body.settle);
    case 'release':
      return release(context, body.release);
    case 'cancel':
      return cancel(context, body.cancel);
    case 'validate_stop':
      return validateStop(context.state, body.validate_stop);
    case 'query_resources':
      return { resources: { resources: listResources(context.state, body.query_resources.client_id) } };
    case 'read_events':
      return { events: readEvents(context.state, body.read_events) };
  }
};

const tooLate: Omit<Reply, 'in_reply_to'> = {
  error: { code: 'DEADLINE_EXCEEDED', message: 'the request arrived after its deadline: send it again' },
};

const onPutConfig = (context: Context, { messageId, config }: PutConfigEvent): void => {
  const fault = checkScalingConfig(config, context.state.settings.maxNodes);
  if (fault === undefined) putScalingConfig(context, config, messageId);
  replyToHttp(context, messageId, fault === undefined ? { done: {} } : { error: { code: 'INVALID', ...fault } });
};

const replyToHttp = (context: Context, messageId: string, result: Omit<Reply, 'in_reply_to'>): void => {
  const reply = { in_reply_to: messageId, ...result };
  context.effects.push({ type: 'reply', replyTo: `http:${messageId}`, inReplyTo: messageId, reply, traceId: messageId });
};
