import type { Context } from '../context.js';
import { after, backoffSecs, sendCall } from '../context.js';
import type { Task } from '../model.js';

// docs/reconciliation.md, "Algorithm": ask for every task after each (re)subscription, and again with truncated
// exponential back-off for those that no status came for: the master says nothing of an agent that it still waits for.

const TASKS_A_CALL = 500;
const TRACE = 'reconciliation';

/** Asks Mesos for the state of these tasks, and again until a status of each has come. */
export const reconcileTasks = (context: Context, tasks: readonly Task[]): void => {
  const { leader } = context.state;
  for (const task of tasks) leader.reconciling.set(task.id, { attempts: 0, nextAt: context.now });
  if (tasks.length > 0) askDue(context);
};

/** A status came: its task need not be asked for any more. */
export const reconciled = (context: Context, taskId: string): void => {
  context.state.leader.reconciling.delete(taskId);
};

/** Sends what is due, in calls of bounded size. */
export const askDue = (context: Context): void => {
  const { state, now } = context;
  const due: Task[] = [];
  let next = Infinity;
  for (const [taskId, entry] of state.leader.reconciling) {
    const task = state.tasks.get(taskId);
    if (task === undefined) {
      state.leader.reconciling.delete(taskId);
      continue;
    }
    if (entry.nextAt <= now) {
      due.push(task);
      entry.nextAt = after(context, backoffSecs(state.settings.reconcileRetry, entry.attempts));
      entry.attempts += 1;
    }
    next = Math.min(next, entry.nextAt);
  }
  for (let start = 0; start < due.length; start += TASKS_A_CALL) {
    const tasks = due.slice(start, start + TASKS_A_CALL).map((task) => ({ task_id: task.id, agent_id: task.agentId }));
    sendCall(context, { reconcile: { tasks } }, TRACE);
  }
  if (next < Infinity) state.timers.set('reconcile', next);
};

/** Asks for everything that is known, and for everything that Mesos knows; again after a while. */
export const reconcileAll = (context: Context): void => {
  const { state } = context;
  state.timers.set('reconcile-all', after(context, state.settings.reconcileAllSecs));
  reconcileTasks(context, [...state.tasks.values()]);
  reconcileImplicitly(context);
};

/** Has Mesos name every task of this framework: those that it doesn't know are not among them, unknown ones of ours are. */
export const reconcileImplicitly = (context: Context): void => {
  const { leader, durable, settings, timers } = context.state;
  for (const [id, unknown] of leader.unknownTasks) {
    if (!unknown.rounds.has(leader.implicitRound) && !leader.kills.has(id)) leader.unknownTasks.delete(id);
  }
  if (leader.unknownTasks.size > 0 || durable.beganEmpty) timers.set('implicit', after(context, settings.implicitRetrySecs));
  if (sendCall(context, { reconcile: {} }, TRACE) !== undefined) leader.implicitRound += 1;
};
