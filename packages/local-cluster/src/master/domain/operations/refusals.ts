// How a framework learns that what it asked for in ACCEPT is not done (master.cpp: accept, drop).
import type { Offer, TaskInfo, TaskState, TaskStatus } from '../../../generated/protocol.js';
import type { FrameworkRecord } from '../master-state.js';
import type { Turn } from '../turn.js';
import { forwardStatus, masterStatus } from '../status-update.js';
import { sendOperationStatus } from './operations.js';

export interface Refusal {
  readonly state: TaskState;
  readonly reason: TaskStatus.Reason;
  readonly message: string;
}

export const isLaunch = ({ type }: Offer.Operation): boolean => type === 'LAUNCH' || type === 'LAUNCH_GROUP';

/** Of LAUNCH and LAUNCH_GROUP. */
export const tasksOf = ({ type, launch, launch_group }: Offer.Operation): readonly TaskInfo[] =>
  type === 'LAUNCH' ? (launch?.task_infos ?? []) : type === 'LAUNCH_GROUP' ? (launch_group?.task_group.tasks ?? []) : [];

export function refuseTasks(framework: FrameworkRecord, tasks: readonly TaskInfo[], refusal: Refusal, turn: Turn): void {
  for (const { task_id, agent_id } of tasks)
    forwardStatus(framework, masterStatus({ ...refusal, taskId: task_id.value, agentId: agent_id.value }, turn.now), turn);
}

export const taskInvalid = (message: string): Refusal => ({ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', message });

export const taskGroupInvalid = (message: string): Refusal => ({ state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', message });

/** An operation that is no launch fails silently unless the framework gave it an id; an unknown one always does. */
export function refuseOperation(framework: FrameworkRecord, { type, id }: Offer.Operation, message: string, turn: Turn): void {
  if (id === undefined || type === undefined || type === 'UNKNOWN') return;
  sendOperationStatus(framework, { operation_id: id, state: 'OPERATION_ERROR', message }, turn);
}
