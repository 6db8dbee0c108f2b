// The statuses that an agent makes of its own, and what it adds to those of executors (slave.cpp: statusUpdate,
// sendExecutorTerminatedStatusUpdate; common/protobuf_utils.cpp, createStatusUpdate).
import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import type { ExecutorStatus } from '../executor/executor.js';
import type { DrainConfig } from './checkpoint/agent-checkpoint.js';

const newUuid = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');

const isPartitionAware = ({ capabilities = [] }: FrameworkInfo): boolean => capabilities.some(({ type }) => type === 'PARTITION_AWARE');

/** Frameworks that don't know the finer states are told TASK_LOST. */
export const lossState = (framework: FrameworkInfo, state: 'TASK_DROPPED' | 'TASK_GONE'): TaskState =>
  isPartitionAware(framework) ? state : 'TASK_LOST';

/** While the agent is being drained a kill is told as its doing. */
const drainedParts = (state: TaskState, framework: FrameworkInfo, drain: DrainConfig | undefined): Partial<TaskStatus> => {
  if (drain === undefined || (state !== 'TASK_KILLING' && state !== 'TASK_KILLED')) return {};
  const isGone = drain.markGone && isPartitionAware(framework);
  return { reason: 'REASON_AGENT_DRAINING', ...(isGone ? { state: 'TASK_GONE_BY_OPERATOR' } : {}) };
};

/** Of an executor's or the agent's own words, what the framework is told. */
export const completeStatus = (
  status: ExecutorStatus,
  agentId: string,
  framework: FrameworkInfo,
  drain: DrainConfig | undefined,
  now: number,
): TaskStatus => ({
  ...status,
  ...drainedParts(status.state, framework, drain),
  agent_id: { value: agentId },
  timestamp: now / 1000,
  uuid: newUuid(),
});

export const ownStatus = (
  taskId: string,
  state: TaskState,
  reason: TaskStatus.Reason,
  message: string,
  executorId?: string,
): ExecutorStatus => ({
  task_id: { value: taskId },
  state,
  source: 'SOURCE_AGENT',
  reason,
  message,
  ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
});
