// Builders for tests of operations on an agent's resources.
import type { Offer, OperationStatus, Resource } from '../../../generated/protocol.js';
import type { ToAgent } from '../../../network/messages.js';
import { operationStatus } from '../operations/operations.js';
import { TestMaster } from './master.js';

export const REFINES = { capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }], roles: ['team'] };

export const reserved = (cpus: number, more: Partial<Resource.ReservationInfo> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: cpus },
  reservations: [{ type: 'DYNAMIC', role: 'team', ...more }],
});
export const reserve = (...resources: Resource[]): Offer.Operation => ({ type: 'RESERVE', reserve: { resources } });
export const unreserve = (...resources: Resource[]): Offer.Operation => ({ type: 'UNRESERVE', unreserve: { resources } });
export const withId = (operation: Offer.Operation, value = 'op'): Offer.Operation => ({ ...operation, id: { value } });

export const started = (framework: object = REFINES) => {
  const master = new TestMaster();
  const agentId = master.agent('h', 'cpus:4;mem:4096');
  const frameworkId = master.framework('f', framework);
  const agent = master.state.agents.get(agentId);
  if (agent === undefined) throw new Error('no agent');
  return { master, agent, agentId, frameworkId };
};

export const accept = (master: TestMaster, ...operations: Offer.Operation[]): void => {
  const offer_ids = master.open('f').map(({ id }) => id);
  master.call('f', { type: 'ACCEPT', accept: { offer_ids, operations, filters: { refuse_seconds: 0 } } });
};

export const statuses = (master: TestMaster): OperationStatus[] =>
  (master.events.get('f') ?? []).flatMap(({ update_operation_status: one }) => (one === undefined ? [] : [one.status]));

export const applied = (master: TestMaster) =>
  master.messages.flatMap(({ message }) => (message.type === 'apply-operation' ? [message] : []));

export const finish = (
  master: TestMaster,
  agentId: string,
  { uuid, frameworkId, info }: Extract<ToAgent, { type: 'apply-operation' }>,
): void => {
  const status: OperationStatus = {
    ...(info.id && { operation_id: info.id }),
    state: 'OPERATION_FINISHED',
    uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    agent_id: { value: agentId },
  };
  master.turn((turn) =>
    operationStatus(master.state, { type: 'operation-status', agentId, frameworkId, operationUuid: uuid, status }, turn),
  );
};

export const acknowledgements = (master: TestMaster) =>
  master.messages.filter(({ message }) => message.type === 'acknowledge-operation-status');
