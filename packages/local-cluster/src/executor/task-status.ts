// Statuses as executors and agents make them (src/launcher/executor.cpp, createTaskStatus; src/slave/slave.cpp,
// sendExecutorTerminatedStatusUpdate).
import type { CheckStatusInfo, ContainerStatus, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
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

/** The last status again, with a new result of its check. */
export const checkedStatus = (last: ExecutorStatus, status: CheckStatusInfo): ExecutorStatus => ({
  ...last,
  reason: 'REASON_TASK_CHECK_STATUS_UPDATED',
  check_status: status,
});

/** The last status again, with what was found of its health. */
export const healthStatus = (last: ExecutorStatus, healthy: boolean): ExecutorStatus => ({
  ...last,
  reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
  healthy,
});

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

/** The executor ended without a last word on it. */
export const terminatedStatus = (task: TaskInfo, executorId: string): ExecutorStatus =>
  agentStatus(task, executorId, 'TASK_FAILED', 'REASON_EXECUTOR_TERMINATED', 'Executor terminated');
