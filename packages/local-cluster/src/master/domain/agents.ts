// Agents that register, fall silent and come back (master.cpp: registerSlave, __removeSlave, __reregisterSlave).
import { allocate } from './allocator/allocator.js';
import { logLine, sendEvent, sendToAgent, taskKey, type AgentRecord, type MasterState, type Turn } from './master-state.js';
import type { ReportedTask, ToMaster } from '../../network/messages.js';
import { removeFiltersOfAgent } from './allocator/offer-filters.js';
import { rescindOffer } from './allocator/offers.js';
import { fromWire, subtract } from '../../resources/resources.js';
import { track } from './allocator/shares.js';
import { applyStatus, forwardStatus, lossState, masterStatus, removeTask } from './status-update.js';
import { newFramework } from './subscription.js';
import { isTerminal, lastingParts, newTask, type Task } from './task.js';

type Register = Extract<ToMaster, { readonly type: 'register' }>;
type Reregister = Extract<ToMaster, { readonly type: 'reregister' }>;

const newAgent = (id: string, pid: string, { agent, total }: Register | Reregister, registeredAt: number): AgentRecord => ({
  id,
  pid,
  info: agent,
  connected: true,
  total,
  available: total,
  tasks: new Map(),
  executors: new Map(),
  offers: new Map(),
  inverseOffers: new Map(),
  operations: new Map(),
  missedPings: 0,
  registeredAt,
  reregisteredAt: undefined,
});

export function agentRegisters(master: MasterState, pid: string, message: Register, turn: Turn): void {
  // Its first attempt's answer is late: it gets the same id again.
  const known = [...master.agents.values()].find((agent) => agent.pid === pid);
  if (known !== undefined && known.connected) return sendToAgent(known.id, { type: 'registered', agentId: known.id }, turn);
  const id = `${master.info.id}-S${master.next.agent}`;
  master.next.agent += 1;
  const agent = newAgent(id, pid, message, turn.now);
  master.agents.set(id, agent);
  sendToAgent(id, { type: 'registered', agentId: id }, turn);
  logLine('agent registered', { agent: id, hostname: message.agent.hostname }, turn);
  allocate(master, [agent], turn);
}

/** The link to a process broke. */
export function agentExited(master: MasterState, pid: string, turn: Turn): void {
  const agent = [...master.agents.values()].find((candidate) => candidate.pid === pid);
  if (agent !== undefined) logLine('agent disconnected', { agent: agent.id }, turn);
}

/** The agent answered no ping for too long. */
export function markUnreachable(master: MasterState, agentId: string, turn: Turn): void {
  const agent = master.agents.get(agentId);
  if (agent === undefined) return;
  const since = turn.now * 1_000_000;
  for (const task of [...agent.tasks.values()]) {
    const framework = master.frameworks.get(task.frameworkId);
    if (framework === undefined) continue;
    const status = masterStatus(
      {
        taskId: task.id,
        agentId,
        state: lossState(framework, 'TASK_UNREACHABLE'),
        message: 'health check timed out',
        reason: 'REASON_AGENT_REMOVED',
      },
      turn.now,
      { unreachable_time: { nanoseconds: since } },
    );
    applyStatus(master, task, status, undefined, turn.now);
    removeTask(master, task, 'unreachable');
    forwardStatus(framework, status, turn);
  }
  for (const offer of [...agent.offers.values()]) rescindOffer(master, offer, turn);
  master.agents.delete(agentId);
  master.unreachableAgents.set(agentId, since);
  removeFiltersOfAgent(master, agentId);
  logLine('agent is unreachable', { agent: agentId }, turn);
  for (const framework of master.frameworks.values())
    sendEvent(framework, { type: 'FAILURE', failure: { agent_id: { value: agentId } } }, turn);
}

const recoverTask = (master: MasterState, agent: AgentRecord, reported: ReportedTask, now: number): Task => {
  const frameworkId = reported.framework.id?.value ?? '';
  const framework = master.frameworks.get(frameworkId) ?? newFramework(reported.framework, frameworkId, 'recovered', now);
  master.frameworks.set(frameworkId, framework);
  const task = newTask(reported.info, reported.framework, reported.role, fromWire(reported.info.resources));
  task.state = reported.state;
  if (reported.lastStatus !== undefined) task.statuses.push(reported.lastStatus);
  framework.unreachableTasks.delete(task.id);
  framework.tasks.set(task.id, task);
  agent.tasks.set(taskKey(frameworkId, task.id), task);
  if (!isTerminal(task.state)) {
    agent.available = subtract(agent.available, task.resources);
    track(master, framework, task.role, task.resources);
  }
  return task;
};

/** An agent that this master doesn't have (any more) comes back with its tasks. */
export function agentReregisters(master: MasterState, pid: string, said: Reregister, turn: Turn): void {
  const { agentId, tasks: reportedTasks } = said;
  const agent = newAgent(agentId, pid, said, turn.now);
  agent.reregisteredAt = turn.now;
  const message = master.unreachableAgents.has(agentId) ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered';
  const isExpected = master.recoveredAgents.delete(agentId);
  master.unreachableAgents.delete(agentId);
  master.agents.set(agentId, agent);
  sendToAgent(agentId, { type: 'reregistered', agentId }, turn);
  const completed = new Set<string>();
  for (const reported of reportedTasks) {
    const frameworkId = reported.framework.id?.value ?? '';
    if (master.completedFrameworks.has(frameworkId)) {
      completed.add(frameworkId);
      continue;
    }
    const task = recoverTask(master, agent, reported, turn.now);
    const framework = master.frameworks.get(frameworkId);
    if (isExpected || framework === undefined) continue;
    const status = masterStatus(
      { taskId: task.id, agentId, state: task.state, message, reason: 'REASON_AGENT_REREGISTERED' },
      turn.now,
      lastingParts(task),
    );
    forwardStatus(framework, status, turn);
  }
  for (const framework of master.frameworks.values())
    for (const task of [...framework.unreachableTasks.values()]) if (task.agentId === agentId) framework.unreachableTasks.delete(task.id);
  for (const frameworkId of completed) sendToAgent(agentId, { type: 'shutdown-framework', frameworkId }, turn);
  logLine('agent registered again', { agent: agentId, tasks: reportedTasks.length }, turn);
  allocate(master, [agent], turn);
}
