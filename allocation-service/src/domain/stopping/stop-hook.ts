import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import type { StopHookRunEvent } from '../events.js';
import { nextAskId } from '../leader.js';
import type { Resource, Task } from '../model.js';
import { describeResource } from '../resources.js';
import { killTask } from './kill.js';

// A Streams domain controller that is killed leaves its domain in disorder; one that is told to stop takes leave. So whoever
// knows how is asked to end the task, and only a task that has not ended in time is killed. The time counts from the moment
// that is in the record of the resource: neither a takeover nor an answer prolongs it.

/** Asks for a running task to be ended. */
export const beginStopHook = (context: Context, resource: Resource, task: Task): void => {
  resource.stopHookSince = context.now;
  touch(context, 'resource', resource.id);
  runStopHook(context, resource, task);
};

const hookEnd = (context: Context, since: number): number => since + Math.round(context.state.settings.stopTimeoutSecs * 1000);

/** Asks again under another leader: an answer to the last one may be lost, and to stop what stops already does no harm. */
export const runStopHook = (context: Context, resource: Resource, task: Task): void => {
  const { leader, settings, timers } = context.state;
  const { stopHookSince: since } = resource;
  if (since === undefined || context.now >= hookEnd(context, since)) {
    killInstead(context, resource, task, 'the time to end by itself is over');
    return;
  }
  const askId = nextAskId(leader);
  leader.stopHooks.set(askId, resource);
  const deadlineMs = Math.min(after(context, settings.stopHookAnswerSecs), hookEnd(context, since));
  timers.set(`stop-hook:${askId}`, deadlineMs);
  const run_stop_hook = { ask_id: askId, allocation_term: leader.term, resource: describeResource(resource) };
  context.effects.push({ type: 'ask-hook', question: { run_stop_hook }, deadlineMs, traceId: task.traceId });
};

/** The task that a stop hook is to end; undefined: it has ended, or is being killed. */
const stoppingTask = (resource: Resource | undefined): Task | undefined =>
  resource?.state === 'STOPPING' && resource.stopHookSince !== undefined ? resource.task : undefined;

export const onStopHookRun = (context: Context, { askId, error }: StopHookRunEvent): void => {
  const { leader, timers } = context.state;
  const resource = leader.stopHooks.get(askId);
  const task = stoppingTask(resource);
  if (resource?.stopHookSince === undefined || task === undefined) return;
  if (error === undefined) {
    timers.set(`stop-hook:${askId}`, hookEnd(context, resource.stopHookSince));
    return;
  }
  leader.stopHooks.delete(askId);
  timers.cancel(`stop-hook:${askId}`);
  killInstead(context, resource, task, error);
};

/** No answer came, or the task has not ended by itself although the hook has run. */
export const onStopHookOver = (context: Context, askId: string): void => {
  const { leader } = context.state;
  const resource = leader.stopHooks.get(askId);
  const task = stoppingTask(resource);
  leader.stopHooks.delete(askId);
  if (resource !== undefined && task !== undefined) killInstead(context, resource, task, 'it has not ended in time');
};

/** From now on, under whichever leader, it is killed. */
const killInstead = (context: Context, resource: Resource, task: Task, reason: string): void => {
  log(context, 'warn', 'the stop hook did not end the task, killing it', { task: task.id, resource: resource.id, reason });
  resource.stopHookSince = undefined;
  resource.message = `its stop hook did not end its task: ${reason}`;
  touch(context, 'resource', resource.id);
  killTask(context, task);
};
