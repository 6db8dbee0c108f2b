// What happens to everything on an agent that leaves the books: unreachable, removed or gone
// (master.cpp: __removeSlave, _removeSlave, sendBulkOperationFeedback, sendSlaveLost).
import type { OperationState, TaskStatus } from '../../../generated/protocol.js';
import { rescindOffersOfAgent } from '../allocator/offers.js';
import { rescindInverseOffers } from '../maintenance/inverse-offers.js';
import type { AgentRecord, FrameworkRecord, MasterState } from '../master-state.js';
import { sendEvent, type Turn } from '../turn.js';
import { applyStatus, forwardStatus, removeTask } from '../status-update.js';
import type { Task } from '../task.js';
import { forgetAgent } from './agent-record.js';
import { removeExecutor } from './executors.js';

export interface TaskLoss {
  readonly status: TaskStatus;
  readonly where: 'completed' | 'unreachable';
}

/** FAILURE without an executor, to every framework that is subscribed. */
export function tellOfLostAgent(master: MasterState, agentId: string, turn: Turn): void {
  for (const framework of master.frameworks.values())
    sendEvent(framework, { type: 'FAILURE', failure: { agent_id: { value: agentId } } }, turn);
}

/** Frameworks that gave their operations ids are told at once, and never again. */
export function tellOfLostOperations(master: MasterState, agent: AgentRecord, state: OperationState, message: string, turn: Turn): void {
  for (const { frameworkId, info } of agent.operations.values()) {
    const framework = master.frameworks.get(frameworkId ?? '');
    if (info.id === undefined || framework === undefined) continue;
    const status = { operation_id: info.id, state, message, agent_id: { value: agent.id } };
    sendEvent(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } }, turn);
  }
}

/** In Mesos's order: updates, executors, RESCIND, FAILURE. */
export function loseAgent(
  master: MasterState,
  agent: AgentRecord,
  lossOf: (task: Task, framework: FrameworkRecord) => TaskLoss,
  turn: Turn,
): void {
  agent.active = false;
  for (const task of [...agent.tasks.values()]) {
    const framework = master.frameworks.get(task.frameworkId);
    if (framework === undefined) continue;
    const { status, where } = lossOf(task, framework);
    applyStatus(master, task, status, undefined, turn.now);
    removeTask(master, task, where);
    forwardStatus(framework, status, turn);
  }
  for (const executor of [...agent.executors.values()]) removeExecutor(master, agent, executor, turn.now);
  rescindOffersOfAgent(master, agent, turn);
  rescindInverseOffers(master, agent, turn);
  agent.operations.clear();
  forgetAgent(master, agent);
  tellOfLostAgent(master, agent.id, turn);
}
