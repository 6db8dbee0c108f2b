// Statuses as executors and agents make them (src/launcher/executor.cpp, createTaskStatus; src/slave/slave.cpp,
// sendExecutorTerminatedStatusUpdate).
import type { ContainerStatus, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import { emptyCheckStatus } from './checks/check-status.js';
import type { ExecutorStatus } from './executor.js';

export interface StatusDetails {
  readonly message?: string | undefined;
  readonly reason?: TaskStatus.Reason | undefined;
  readonly healthy?: boolean | undefined;
}

/** From scratch, without what the one before said of health and checks. */
export const executorStatus = (
  task: TaskInfo,
  executorId: string,
  containerStatus: ContainerStatus,
  state: TaskState,
  { message, reason, healthy }: StatusDetails = {},
): ExecutorStatus => {
  const check = task.check && emptyCheckStatus(task.check);
  return {
    task_id: task.task_id,
    state,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    source: 'SOURCE_EXECUTOR',
    executor_id: { value: executorId },
    ...(healthy === undefined ? {} : { healthy }),
    ...(check === undefined ? {} : { check_status: check }),
    container_status: containerStatus,
  };
};

/** What the agent itself says of a task that its executor can't or couldn't run. A task that was dropped never had an executor. */
export const agentStatus = (
  task: TaskInfo,
  executorId: string | undefined,
  state: TaskState,
  reason: TaskStatus.Reason,
  message: string,
): ExecutorStatus => ({
  task_id: task.task_id,
  state,
  reason,
  message,
  source: 'SOURCE_AGENT',
  ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
});
