// What became of a task, told by what the agent wrote down of it (slave.cpp, Executor::recoverTask;
// task_status_update_manager.cpp, recover).
import type { TaskState, TaskStatus } from '../../generated/protocol.js';
import { isTerminal } from '../../master/domain/task.js';
import type { UpdateRecord } from './agent-checkpoint.js';

export interface RecoveredTask {
  readonly state: TaskState;
  readonly lastStatus: TaskStatus | undefined;
  /** Not acknowledged, in order. */
  readonly pending: readonly TaskStatus[];
  /** Of the update that was sent last. */
  readonly statusUpdate: TaskStatus | undefined;
  /** Its end is acknowledged: there is nothing to tell of it any more. */
  readonly isCompleted: boolean;
}

export function recoverTask(updates: readonly UpdateRecord[]): RecoveredTask {
  const pending: TaskStatus[] = [];
  let last: TaskStatus | undefined;
  let acknowledged: TaskStatus | undefined;
  for (const record of updates)
    if (record.type === 'update') {
      last = record.status;
      pending.push(record.status);
    } else if (pending[0]?.uuid === record.uuid) acknowledged = pending.shift();
  return {
    state: last?.state ?? 'TASK_STAGING',
    lastStatus: last,
    pending,
    statusUpdate: pending[0] ?? acknowledged,
    isCompleted: acknowledged !== undefined && isTerminal(acknowledged.state),
  };
}
