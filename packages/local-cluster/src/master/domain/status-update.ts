// Task statuses that pass through the master or are made by it (master.cpp: statusUpdate, forward; common/protobuf_utils.cpp, createStatusUpdate).
import type { TaskState, TaskStatus } from '../../generated/protocol.js';
import { hasCapability } from './validation/framework-info.js';
import { taskKey, type FrameworkRecord, type MasterState } from './master-state.js';
import { addUnreachableTask } from './unreachable-tasks.js';
import { sendEvent, type Turn } from './turn.js';
import { recoverResources } from './allocator/recover-resources.js';
import { updateTask, type Task } from './task.js';

export interface MasterStatus {
  readonly taskId: string;
  readonly state: TaskState;
  readonly message: string;
  readonly reason: TaskStatus.Reason;
  readonly agentId?: string | undefined;
}

/** A status that the master itself makes: it has no uuid and needs no acknowledgement. */
export function masterStatus(status: MasterStatus, now: number, more: Partial<TaskStatus> = {}): TaskStatus {
  return {
    task_id: { value: status.taskId },
    state: status.state,
    message: status.message,
    source: 'SOURCE_MASTER',
    reason: status.reason,
    ...(status.agentId === undefined ? {} : { agent_id: { value: status.agentId } }),
    timestamp: now / 1000,
    ...more,
  };
}

/** Frameworks that don't know the finer states are told TASK_LOST. */
export const lossState = (framework: FrameworkRecord, state: TaskState): TaskState =>
  hasCapability(framework.info, 'PARTITION_AWARE') ? state : 'TASK_LOST';

export function forwardStatus(framework: FrameworkRecord, status: TaskStatus, turn: Turn): void {
  const task = framework.tasks.get(status.task_id.value);
  if (task !== undefined && status.uuid !== undefined) {
    task.statusUpdateState = status.state;
    task.statusUpdateUuid = status.uuid;
  }
  sendEvent(framework, { type: 'UPDATE', update: { status } }, turn);
}

/** Takes a status into the task and frees its resources when it ended. */
export function applyStatus(master: MasterState, task: Task, status: TaskStatus, latestState: TaskState | undefined, now: number): void {
  master.changed.tasks.add(task);
  if (updateTask(task, status, latestState)) recoverResources(master, master.frameworks.get(task.frameworkId), task, undefined, now);
}

/** An update that an agent sent or resent. */
export function statusUpdate(
  master: MasterState,
  update: { readonly agentId: string; readonly frameworkId: string; readonly status: TaskStatus; readonly latestState: TaskState },
  turn: Turn,
): void {
  const agent = master.agents.get(update.agentId);
  if (agent === undefined) return;
  const framework = master.frameworks.get(update.frameworkId);
  if (framework?.stream !== undefined) forwardStatus(framework, update.status, turn);
  const task = agent.tasks.get(taskKey(update.frameworkId, update.status.task_id.value));
  if (task !== undefined) applyStatus(master, task, update.status, update.latestState, turn.now);
}

/** Takes a task that has ended or can't be reached off the books; its resources are free already. */
export function removeTask(master: MasterState, task: Task, where: 'completed' | 'unreachable'): void {
  const agent = master.agents.get(task.agentId);
  agent?.tasks.delete(taskKey(task.frameworkId, task.id));
  agent?.killedTasks.delete(taskKey(task.frameworkId, task.id));
  const framework = master.frameworks.get(task.frameworkId);
  if (framework === undefined) return;
  framework.tasks.delete(task.id);
  if (where === 'unreachable') addUnreachableTask(master, framework, task);
  else addCompletedTask(master, framework, task);
}

export function addCompletedTask(master: MasterState, framework: FrameworkRecord, task: Task): void {
  framework.completedTasks.push(task);
  if (framework.completedTasks.length > master.settings.maxCompletedTasks) framework.completedTasks.shift();
}
