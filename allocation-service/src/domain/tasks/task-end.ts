import { noteEarlyDeath } from '../avoidance/early-death.js';
import { recordClientEvent } from '../client-events.js';
import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import { breakDelay } from '../delay.js';
import { noteWaiting } from '../demand/note-waiting.js';
import { endKill } from '../stopping/kill.js';
import type { Resource, Task } from '../model.js';
import { isAdopted } from '../reconciliation/adopted-request.js';
import { addWaiting, endResource, isScaled, noteNodeLost, resourceOf } from '../resources.js';
import { delayRelaunches } from './launch-backoff.js';
import { removeTask } from './tasks.js';

/** How a task ended, or why it is given up. */
export interface TaskEnd {
  /** What `Resource.completion` says of it. */
  readonly completion: string;
  /** Its agent or executor said so, or its framework is gone: it cannot come back. Else it is killed if it does. */
  readonly proven: boolean;
  /** An early death counts against its agent. */
  readonly blamesAgent: boolean;
  /** A relaunch has to wait, longer each time. */
  readonly backsOff: boolean;
  readonly message?: string | undefined;
}

/** Never launched, or refused for a reason that is nobody's fault. */
export const neverLaunched = (completion: string, proven: boolean): TaskEnd => ({
  completion,
  proven,
  blamesAgent: false,
  backsOff: false,
});

/** The task no longer counts: its resource is launched again, reported revoked, replaced, or has stopped as was asked. */
export const endTask = (context: Context, task: Task, end: TaskEnd): void => {
  const { state } = context;
  const resource = resourceOf(state, task);
  forgetOrSupersede(context, task, end.proven);
  if (resource === undefined) return;
  log(context, 'info', 'task ended', {
    task: task.id,
    resource: resource.id,
    agent: task.agentId,
    completion: end.completion,
    message: end.message,
  });
  if (resource.state === 'STOPPING') endResource(context, resource, 'STOPPED', end.completion);
  else if (resource.requestState === 'REQUEST_ALLOCATED') revoke(context, resource, end);
  else relaunch(context, resource, task, end);
};

const forgetOrSupersede = (context: Context, task: Task, proven: boolean): void => {
  const { state, now } = context;
  breakDelay(context, task);
  endKill(context, task.id);
  state.timers.cancel(`lost:${task.id}`);
  state.leader.reconciling.delete(task.id);
  touch(context, 'task', task.id);
  if (proven) {
    removeTask(state, task);
    state.timers.cancel(`superseded:${task.id}`);
    return;
  }
  task.supersededAt ??= now;
  task.phase = 'LOST';
  state.timers.set(`superseded:${task.id}`, after(context, state.settings.supersededKeptSecs));
};

/** A client loses a resource that it was told it has; a scaled node is replaced. */
const revoke = (context: Context, resource: Resource, end: TaskEnd): void => {
  resource.requestState = 'REQUEST_RELEASED';
  endResource(context, resource, end.completion === 'FINISHED' ? 'STOPPED' : 'FAILED', end.completion);
  recordClientEvent(context, 'REVOKED', resource);
  if (isScaled(resource) && end.backsOff) delayRelaunches(context, resource.request);
};

/** An early death: whoever asked never hears of it. What was adopted can't be launched again. */
const relaunch = (context: Context, resource: Resource, task: Task, end: TaskEnd): void => {
  const { request } = resource;
  if (isAdopted(request)) {
    endResource(context, resource, end.completion === 'FINISHED' ? 'STOPPED' : 'FAILED', end.completion);
    return;
  }
  if (end.blamesAgent) noteEarlyDeath(context, request, task.agentId);
  if (end.backsOff) delayRelaunches(context, request);
  resource.state = 'NEW';
  resource.completion = 'NONE';
  resource.placement = undefined;
  resource.maintenance = undefined;
  resource.task = undefined;
  resource.notBefore = end.backsOff ? request.backoff.until : 0;
  touch(context, 'resource', resource.id);
  addWaiting(context.state, resource);
  if (isScaled(resource)) noteNodeLost(context);
  if (resource.notBefore > context.now) context.state.timers.set(`backoff:${resource.id}`, resource.notBefore);
  else noteWaiting(context.state, request);
};

/** A task that was given up did not return within the time. If it does later, it is an unknown task. */
export const forgetSuperseded = (context: Context, task: Task): void => {
  if (task.supersededAt !== undefined) forgetOrSupersede(context, task, true);
};
