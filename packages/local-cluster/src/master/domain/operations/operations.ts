// Operations on an agent's resources, from their acceptance to the acknowledgement of their end (master.cpp: _apply,
// updateOperationStatus, acknowledgeOperationStatus, removeOperation).
import type { Call, Offer, OperationState, OperationStatus } from '../../../generated/protocol.js';
import type { ReportedOperation, ToMaster } from '../../../network/messages.js';
import type { AgentRecord, FrameworkRecord, MasterState, OperationRecord } from '../master-state.js';
import { sendEvent, sendToAgent, type Turn } from '../turn.js';
import { finishDraining } from '../agents/drain.js';
import { convertTotal } from '../../../resources/conversions.js';

type OperationUpdate = Extract<ToMaster, { readonly type: 'operation-status' }>;

const TERMINAL: ReadonlySet<OperationState> = new Set<OperationState>([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

export const sendOperationStatus = (framework: FrameworkRecord, status: OperationStatus, turn: Turn): void =>
  sendEvent(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } }, turn);

/** 16 bytes in base64: those of the master's own id that fit, and a number that it never gives twice. */
const nextUuid = (master: MasterState): string => {
  const number = master.next.operation;
  master.next.operation += 1;
  const own = Buffer.from(master.info.id.replaceAll('-', ''), 'hex').subarray(0, 8).toString('hex').padStart(16, '0');
  return Buffer.from(`${own}${number.toString(16).padStart(16, '0')}`, 'hex').toString('base64');
};

/**
 * Carries out a valid RESERVE or UNRESERVE: the agent's total changes at once, as Mesos counts on it, and the agent is told. What the
 * resources were taken from (offers, or what is free) is the caller's to change. `framework` undefined: the operator's operation.
 */
export function applyOperation(
  master: MasterState,
  agent: AgentRecord,
  framework: FrameworkRecord | undefined,
  info: Offer.Operation,
  turn: Turn,
): void {
  const uuid = nextUuid(master);
  const latestStatus: OperationStatus = {
    ...(info.id === undefined ? {} : { operation_id: info.id }),
    state: 'OPERATION_PENDING',
    agent_id: { value: agent.id },
  };
  agent.operations.set(uuid, { uuid, frameworkId: framework?.id, agentId: agent.id, info, latestStatus });
  agent.total = convertTotal(agent.total, info);
  sendToAgent(agent.id, { type: 'apply-operation', frameworkId: framework?.id, info, uuid }, turn);
}

const forget = (master: MasterState, agent: AgentRecord, { uuid }: OperationRecord, turn: Turn): void => {
  agent.operations.delete(uuid);
  finishDraining(master, agent, turn);
};

/** An update that an agent sent or resent; the master acknowledges what no framework will. */
export function operationStatus(master: MasterState, said: OperationUpdate, turn: Turn): void {
  const agent = master.agents.get(said.agentId);
  if (agent === undefined) return;
  const operation = agent.operations.get(said.operationUuid);
  const framework = master.frameworks.get(operation?.frameworkId ?? said.frameworkId ?? '');
  if (operation === undefined) {
    if (framework !== undefined) sendOperationStatus(framework, said.status, turn);
    return;
  }
  const { id } = operation.info;
  const status = id === undefined ? said.status : { ...said.status, operation_id: id };
  if (!TERMINAL.has(operation.latestStatus.state)) operation.latestStatus = status;
  const isTerminal = TERMINAL.has(status.state);
  if (id !== undefined && framework !== undefined) {
    sendOperationStatus(framework, status, turn);
    if (isTerminal && status.uuid === undefined) forget(master, agent, operation, turn);
    return;
  }
  if (status.uuid !== undefined)
    sendToAgent(agent.id, { type: 'acknowledge-operation-status', operationUuid: operation.uuid, statusUuid: status.uuid.value }, turn);
  if (isTerminal) forget(master, agent, operation, turn);
}

/** ACKNOWLEDGE_OPERATION_STATUS; one that fits nothing is ignored. */
export function acknowledgeOperationStatus(
  master: MasterState,
  framework: FrameworkRecord,
  call: Call.AcknowledgeOperationStatus,
  turn: Turn,
): void {
  const agent = master.agents.get(call.agent_id?.value ?? '');
  if (agent === undefined || !agent.connected) return;
  const operation = [...agent.operations.values()].find(
    ({ frameworkId, info }) => frameworkId === framework.id && info.id?.value === call.operation_id.value,
  );
  if (operation === undefined || operation.latestStatus.uuid?.value !== call.uuid) return;
  if (TERMINAL.has(operation.latestStatus.state)) forget(master, agent, operation, turn);
  sendToAgent(agent.id, { type: 'acknowledge-operation-status', operationUuid: operation.uuid, statusUuid: call.uuid }, turn);
}

/** An agent comes back with the operations that it knows: those that never reached it are dropped (slave.cpp, reconcileOperations). */
export function compareOperations(master: MasterState, agent: AgentRecord, reported: readonly ReportedOperation[], turn: Turn): void {
  const known = new Set(reported.map(({ uuid }) => uuid));
  const status: OperationStatus = { state: 'OPERATION_DROPPED', agent_id: { value: agent.id } };
  for (const { uuid, frameworkId } of [...agent.operations.values()])
    if (!known.has(uuid))
      operationStatus(master, { type: 'operation-status', agentId: agent.id, frameworkId, operationUuid: uuid, status }, turn);
  for (const { uuid, frameworkId, info, latestStatus } of reported)
    if (!agent.operations.has(uuid)) agent.operations.set(uuid, { uuid, frameworkId, agentId: agent.id, info, latestStatus });
}
