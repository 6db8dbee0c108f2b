// ACCEPT: tasks launched on offers (master.cpp: accept, _accept).
import type { Call, Offer, TaskInfo, TaskState, TaskStatus } from '../../generated/protocol.js';
import { sendEvent, sendToAgent, taskKey, type AgentRecord, type FrameworkRecord, type MasterState, type Turn } from './master-state.js';
import { discardOffer, forgetOffer, offersError } from './allocator/offers.js';
import { recoverResources } from './allocator/recover-resources.js';
import { resourcesError } from '../../resources/resource-validation.js';
import { add, fromWire, subtract, type Resources } from '../../resources/resources.js';
import { forwardStatus, lossState, masterStatus } from './status-update.js';
import { newTask } from './task.js';
import { taskError } from './validation/task-validation.js';

const tasksOf = (operation: Offer.Operation): readonly TaskInfo[] =>
  operation.type === 'LAUNCH'
    ? (operation.launch?.task_infos ?? [])
    : operation.type === 'LAUNCH_GROUP'
      ? (operation.launch_group?.task_group.tasks ?? [])
      : [];

const refuseTask = (
  framework: FrameworkRecord,
  task: TaskInfo,
  status: { readonly state: TaskState; readonly reason: TaskStatus.Reason; readonly message: string },
  turn: Turn,
): void => forwardStatus(framework, masterStatus({ ...status, taskId: task.task_id.value, agentId: task.agent_id.value }, turn.now), turn);

/** An operation that is no launch fails silently unless the framework gave it an id. */
const refuseOperation = (framework: FrameworkRecord, operation: Offer.Operation, message: string, turn: Turn): void => {
  if (operation.id === undefined) return;
  const status = { operation_id: operation.id, state: 'OPERATION_ERROR' as const, message };
  sendEvent(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } }, turn);
};

const withInvalidOffers = (master: MasterState, framework: FrameworkRecord, call: Call.Accept, error: string, turn: Turn): void => {
  for (const { value } of call.offer_ids ?? []) {
    const offer = master.offers.get(value);
    if (offer !== undefined) discardOffer(master, offer, undefined, turn.now);
  }
  const status = {
    state: lossState(framework, 'TASK_DROPPED'),
    reason: 'REASON_INVALID_OFFERS' as const,
    message: `Task launched with invalid offers: ${error}`,
  };
  for (const operation of call.operations ?? []) {
    for (const task of tasksOf(operation)) refuseTask(framework, task, status, turn);
    if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP')
      refuseOperation(framework, operation, `Operation attempted with invalid offers: ${error}`, turn);
  }
};

/** Why no task of a LAUNCH may start. */
const launchError = (operation: Offer.Operation): string | undefined => {
  if (operation.type === 'LAUNCH_GROUP') return 'The local cluster does not run task groups';
  const resources = tasksOf(operation).map((task) => resourcesError(task.resources ?? []));
  const invalid = resources.find((error) => error !== undefined);
  if (invalid !== undefined) return invalid;
  return operation.id === undefined ? undefined : 'The `id` field cannot be set on LAUNCH operations';
};

interface Accepted {
  readonly agent: AgentRecord;
  readonly role: string;
  remaining: Resources;
}

const launch = (framework: FrameworkRecord, accepted: Accepted, info: TaskInfo, turn: Turn): void => {
  const { agent, role } = accepted;
  const error = taskError(info, {
    agentId: agent.id,
    role,
    available: accepted.remaining,
    isKnown: (id) => framework.tasks.has(id),
    isUnreachable: (id) => framework.unreachableTasks.has(id),
  });
  if (error !== undefined) return refuseTask(framework, info, { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID', message: error }, turn);
  const resources = fromWire(info.resources);
  const task = newTask(info, framework.info, role, resources);
  framework.tasks.set(task.id, task);
  agent.tasks.set(taskKey(framework.id, task.id), task);
  accepted.remaining = subtract(accepted.remaining, resources);
  sendToAgent(agent.id, { type: 'run-task', framework: framework.info, task: info, role }, turn);
};

const perform = (framework: FrameworkRecord, accepted: Accepted, operation: Offer.Operation, turn: Turn): void => {
  if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP')
    return refuseOperation(framework, operation, `The local cluster does not know ${operation.type ?? 'UNKNOWN'} operations`, turn);
  const message = launchError(operation);
  const reason = operation.type === 'LAUNCH' ? 'REASON_TASK_INVALID' : 'REASON_TASK_GROUP_INVALID';
  for (const task of tasksOf(operation))
    if (message === undefined) launch(framework, accepted, task, turn);
    else refuseTask(framework, task, { state: 'TASK_ERROR', reason, message }, turn);
};

export function accept(master: MasterState, framework: FrameworkRecord, call: Call.Accept, turn: Turn): void {
  const offerIds = (call.offer_ids ?? []).map(({ value }) => value);
  const error = offersError(master, framework, offerIds);
  if (error !== undefined) return withInvalidOffers(master, framework, call, error, turn);
  const offers = offerIds.map((id) => master.offers.get(id)).filter((offer) => offer !== undefined);
  const first = offers[0];
  const agent = first && master.agents.get(first.agentId);
  if (first === undefined || agent === undefined) return;
  const accepted: Accepted = { agent, role: first.role, remaining: [] };
  for (const offer of offers) {
    forgetOffer(master, offer);
    accepted.remaining = add(accepted.remaining, offer.resources);
  }
  for (const operation of call.operations ?? []) perform(framework, accepted, operation, turn);
  // What the framework left is declined, for the default time unless it said otherwise.
  const rest = { agentId: agent.id, role: first.role, resources: accepted.remaining };
  recoverResources(master, framework, rest, call.filters ?? {}, turn.now);
}
