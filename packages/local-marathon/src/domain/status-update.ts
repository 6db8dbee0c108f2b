import type { TaskState, TaskStatus } from '@streams-on-mesos/mesos';
import { increased } from './backoff.js';
import type { Effect } from './events.js';
import { countResult, firstProbe } from './health.js';
import type { State } from './state.js';
import { isTerminal, type Task } from './task.js';

/** Ends that delay the next launch of the app; a kill that we asked for does not, unless the task was sick. */
const delaysLaunch: ReadonlySet<TaskState> = new Set(['TASK_FAILED', 'TASK_ERROR', 'TASK_DROPPED', 'TASK_GONE', 'TASK_FINISHED']);
const isFailure = (state: TaskState): boolean => state !== 'TASK_FINISHED' && state !== 'TASK_KILLED';
/** A master that has just taken over answers UNKNOWN for tasks of agents that are still on their way back to it. */
export const unknownMs = 30_000;

/** Takes in one status update or answer to a reconciliation. */
export function takeStatus(state: State, status: TaskStatus, now: number): Effect[] {
  const effects: Effect[] = status.uuid ? [{ type: 'acknowledge', status }] : [];
  const taskId = status.task_id.value;
  state.unreconciled.delete(taskId);
  const task = state.tasks.get(taskId);
  if (!task) return [...effects, ...endStray(status)];
  if (status.state === 'TASK_UNKNOWN') return [...effects, ...takeUnknown(state, task, status, now)];
  task.unknownSince = undefined;
  if (isTerminal(status.state) || status.state === 'TASK_UNREACHABLE') return [...effects, ...end(state, task, status, now)];
  return [...effects, ...progress(state, task, status, now)];
}

/** A task that runs and that nobody wants: given up while its agent was away, or of a state file that is lost. */
function endStray(status: TaskStatus): Effect[] {
  const { state, task_id, agent_id } = status;
  if (isTerminal(state) || state === 'TASK_UNREACHABLE' || state === 'TASK_UNKNOWN' || state === 'TASK_KILLING') return [];
  return [
    { type: 'kill', taskId: task_id.value, agentId: agent_id?.value },
    { type: 'log', level: 'warn', message: 'killing a task that no app owns', fields: { taskId: task_id.value, state } },
  ];
}

function takeUnknown(state: State, task: Task, status: TaskStatus, now: number): Effect[] {
  task.unknownSince ??= now;
  if (now >= task.unknownSince + unknownMs) return end(state, task, status, now);
  state.unreconciled.add(task.id);
  return [];
}

function progress(state: State, task: Task, status: TaskStatus, now: number): Effect[] {
  const addresses = (status.container_status?.network_infos ?? []).flatMap(({ ip_addresses = [] }) =>
    ip_addresses.flatMap(({ ip_address }) => ip_address ?? []),
  );
  if (addresses.length > 0) task.ipAddresses = addresses;
  const before = task.state;
  task.state = status.state;
  if (before !== status.state) state.revision += 1;
  if (status.state === 'TASK_RUNNING' && task.startedAt === undefined) {
    task.startedAt = status.timestamp === undefined ? now : Math.round(status.timestamp * 1000);
    task.health = task.healthChecks.map((check) => firstProbe(check, now));
  }
  if (status.state === 'TASK_RUNNING' && status.healthy !== undefined) takeHealth(task, status.healthy, status.message, now);
  if (before === status.state) return [];
  return [{ type: 'log', level: 'info', message: `task is ${status.state}`, fields: { taskId: task.id, host: task.host } }];
}

function takeHealth(task: Task, healthy: boolean, message: string | undefined, now: number): void {
  task.health = task.health.map((health, index) => {
    const check = task.healthChecks[index];
    if (check?.protocol !== 'COMMAND') return health;
    return countResult(health, check, healthy ? { healthy } : { healthy, cause: message ?? 'unhealthy' }, task.startedAt ?? now, now);
  });
}

function end(state: State, task: Task, status: TaskStatus, now: number): Effect[] {
  state.tasks.delete(task.id);
  state.revision += 1;
  const app = state.apps.get(task.appId);
  const sick = task.kill?.reason === 'failed its health checks';
  const asked = task.kill !== undefined && !sick;
  if (app && !asked && (sick || delaysLaunch.has(status.state))) {
    state.delays.set(app.id, increased(state.delays.get(app.id), app, now));
  }
  if (app && !asked && (sick || isFailure(status.state))) {
    state.failures.set(app.id, {
      appId: app.id,
      taskId: task.id,
      host: task.host,
      agentId: task.agentId,
      state: status.state,
      message: sick ? `killed: ${causeOf(task)}` : (status.message ?? ''),
      timestamp: new Date(now).toISOString(),
      version: task.version,
    });
  }
  const fields = { taskId: task.id, host: task.host, reason: status.reason, message: status.message };
  return [{ type: 'log', level: asked ? 'info' : 'warn', message: `task ended: ${status.state}`, fields }];
}

const causeOf = (task: Task): string =>
  task.health.find(({ lastFailureCause }) => lastFailureCause !== undefined)?.lastFailureCause ?? 'unhealthy';
