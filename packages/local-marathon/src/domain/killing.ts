import type { Effect } from './events.js';
import { planRollout } from './rollout.js';
import { isUpToDate, tasksOf, type State } from './state.js';
import { isTerminal, type KillReason, type Task } from './task.js';

/** KILL is best effort: it is repeated until the task is terminal. */
export const killAgainMs = 5_000;
/** Marathon's task_launch_timeout: a task that is not running by then is given up. */
export const stagingTimeoutMs = 300_000;

export function markForKill(state: State, task: Task, reason: KillReason): void {
  if (task.kill || isTerminal(task.state)) return;
  task.kill = { reason, sentAt: 0 };
  state.revision += 1;
}

/** Marks what is not wanted any more, and sends the KILLs that are due. */
export function killUnwanted(state: State, now: number): Effect[] {
  for (const appId of new Set([...state.tasks.values()].map((task) => task.appId))) {
    const app = state.apps.get(appId);
    const tasks = tasksOf(state, appId);
    if (!app) {
      tasks.forEach((task) => markForKill(state, task, 'app removed'));
      continue;
    }
    const plan = planRollout(app, tasks, (task) => isUpToDate(app, task));
    plan.kill.forEach((task) => markForKill(state, task, plan.reason));
  }
  for (const task of state.tasks.values()) {
    if (isStaging(task) && now >= task.stagedAt + stagingTimeoutMs) markForKill(state, task, 'staged too long');
  }
  return state.connected ? [...state.tasks.values()].flatMap((task) => dueKill(task, now)) : [];
}

export const isStaging = (task: Task): boolean => task.state === 'TASK_STAGING' || task.state === 'TASK_STARTING';

function dueKill(task: Task, now: number): Effect[] {
  if (!task.kill || now < task.kill.sentAt + killAgainMs) return [];
  const first = task.kill.sentAt === 0;
  task.kill = { ...task.kill, sentAt: now };
  const effect: Effect = { type: 'kill', taskId: task.id, agentId: task.agentId };
  return first
    ? [
        effect,
        { type: 'log', level: 'info', message: 'killing a task', fields: { taskId: task.id, host: task.host, reason: task.kill.reason } },
      ]
    : [effect];
}
