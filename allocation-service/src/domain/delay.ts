import { noteLife } from './avoidance/early-death.js';
import { recordClientEvent } from './client-events.js';
import type { Context } from './context.js';
import { touch } from './context.js';
import { warnOwner } from './maintenance/warn-owner.js';
import type { Request, Resource, State, Task } from './model.js';
import { sameSubscription } from './positions.js';
import { hasEnded, isScaled, noteNodeReady, resourceOf } from './resources.js';

// A command executor says RUNNING as soon as the shell has started, so a task that cannot work at all is RUNNING for a
// moment. A resource is therefore ALLOCATED only when its task has been running and ready for some time without a break.

/** This leader has heard in this subscription that the task runs: what it knew before may have changed unnoticed. */
const isConfirmed = (state: State, task: Task): boolean =>
  state.leader.connected && sameSubscription(task.heardIn, state.leader.subscription);

const delayEnd = (state: State, runningSince: number): number => runningSince + Math.round(state.settings.waitAllocatedSecs * 1000);

/** Whether a resource may be called ALLOCATED now. */
export const isAllocatable = (state: State, resource: Resource, now: number): boolean => {
  const { task } = resource;
  if (task?.runningSince === undefined || resource.state !== 'RUNNING') return false;
  return isConfirmed(state, task) && now >= delayEnd(state, task.runningSince);
};

/** A status says that the task runs. */
export const confirmRunning = (context: Context, task: Task): void => {
  const { state, now } = context;
  task.runningSince ??= now;
  state.timers.set(`delay:${task.id}`, Math.max(now, delayEnd(state, task.runningSince)));
};

/** A status says that the task doesn't run, isn't ready, or may have gone. */
export const breakDelay = (context: Context, task: Task): void => {
  const { state } = context;
  task.runningSince = undefined;
  state.timers.cancel(`delay:${task.id}`);
  const resource = resourceOf(state, task);
  if (resource !== undefined && resource.requestState !== 'REQUEST_ALLOCATED') state.livingWorkloads.delete(resource);
};

export const onDelayOver = (context: Context, task: Task): void => {
  const { state, now } = context;
  const resource = resourceOf(state, task);
  if (resource === undefined || !isAllocatable(state, resource, now)) return;
  resource.request.backoff = { level: 0, until: 0 };
  noteLife(context, resource);
  if (isScaled(resource) || resource.requestState === 'REQUEST_PENDING') becomeAllocated(context, resource);
  else if (resource.requestState === 'REQUEST_NEW') context.ready.add(resource.request);
};

const becomeAllocated = (context: Context, resource: Resource): void => {
  if (resource.requestState === 'REQUEST_ALLOCATED') return;
  resource.requestState = 'REQUEST_ALLOCATED';
  touch(context, 'resource', resource.id);
  if (isScaled(resource)) noteNodeReady(context);
  recordClientEvent(context, 'ALLOCATED', resource);
  warnOwner(context, resource);
};

/** It has not ended, and nobody has given it back meanwhile. */
const isAwaited = (resource: Resource): boolean => resource.requestState === 'REQUEST_NEW' && !hasEnded(resource);

/** Of a request with a thousand resources all delays may end at once: whether all are ready is looked at once. */
export const hintThoseReady = (context: Context): void => {
  for (const request of context.ready) hintWhenAllReady(context, request);
};

/** Whoever waits for the request need not wait any longer. A hint may get lost, so it is repeated to who asks again. */
export const hintWhenAllReady = (context: Context, request: Request): void => {
  const { state, now, effects } = context;
  if (request.allocate === undefined || request.settledSequence !== undefined) return;
  for (const resource of request.resources) if (isAwaited(resource) && !isAllocatable(state, resource, now)) return;
  effects.push({ type: 'request-ready', clientId: request.owner, requestId: request.allocate.request_id, traceId: request.traceId });
};
