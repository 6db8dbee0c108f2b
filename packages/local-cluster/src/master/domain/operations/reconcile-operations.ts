// What RECONCILE_OPERATIONS is answered (master.cpp, Master::reconcileOperations): events, as for tasks; the call itself has no body.
import type { Call, OperationStatus } from '../../../generated/protocol.js';
import type { FrameworkRecord, MasterState, OperationRecord } from '../master-state.js';
import type { Turn } from '../turn.js';
import { sendOperationStatus } from './operations.js';

const ownOperations = (master: MasterState, framework: FrameworkRecord): OperationRecord[] =>
  [...master.agents.values()].flatMap((agent) =>
    agent.operations.size === 0 ? [] : [...agent.operations.values()].filter(({ frameworkId }) => frameworkId === framework.id),
  );

/** Sent only once, so there is nothing to acknowledge. */
const withoutUuid = ({ uuid: _, ...status }: OperationStatus): OperationStatus => status;

const unknownStatus = (
  master: MasterState,
  { operation_id, agent_id, resource_provider_id }: Call.ReconcileOperations.Operation,
): OperationStatus => {
  const rest = {
    ...(agent_id === undefined ? {} : { agent_id }),
    ...(resource_provider_id === undefined ? {} : { resource_provider_id }),
  };
  const status = (state: OperationStatus['state'], message: string): OperationStatus => ({
    operation_id,
    state,
    message: `Reconciliation: ${message}`,
    ...rest,
  });
  if (agent_id === undefined) return status('OPERATION_UNKNOWN', `Operation is unknown and no 'agent_id' was provided`);
  const id = agent_id.value;
  if (master.recoveredAgents.has(id)) return status('OPERATION_RECOVERING', 'Agent is recovered but has not re-registered');
  if (master.agents.has(id)) return status('OPERATION_UNKNOWN', 'Operation is unknown');
  if (master.unreachableAgents.has(id)) return status('OPERATION_UNREACHABLE', 'Agent is unreachable');
  if (master.goneAgents.has(id)) return status('OPERATION_GONE_BY_OPERATOR', 'Agent marked gone by operator');
  return status('OPERATION_UNKNOWN', 'Both operation and agent are unknown');
};

/** An empty list asks for all operations. */
export function reconcileOperations(
  master: MasterState,
  framework: FrameworkRecord,
  asked: readonly Call.ReconcileOperations.Operation[],
  turn: Turn,
): void {
  const own = ownOperations(master, framework);
  if (asked.length === 0) for (const { latestStatus } of own) sendOperationStatus(framework, withoutUuid(latestStatus), turn);
  for (const one of asked) {
    const known = own.find(({ info }) => info.id?.value === one.operation_id.value);
    sendOperationStatus(framework, known === undefined ? unknownStatus(master, one) : withoutUuid(known.latestStatus), turn);
  }
}
