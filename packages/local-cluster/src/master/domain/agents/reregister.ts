// An agent that has an id: one that was unreachable, one of an earlier leader's, or one whose connection broke
// (master.cpp: reregisterSlave, _reregisterSlave, __reregisterSlave).
import type { ReportedExecutor, ReportedTask } from '../../../network/messages.js';
import { fromWire, subtract, type Resources } from '../../../resources/resources.js';
import { track } from '../allocator/shares.js';
import { isOnDownMachine } from '../maintenance/machines.js';
import { taskKey, type AgentRecord, type FrameworkRecord, type MasterState } from '../master-state.js';
import { changeRegistry, logLine, sendToAgent, sendToProcess, type Turn } from '../turn.js';
import { compareOperations } from '../operations/operations.js';
import { forwardStatus, masterStatus } from '../status-update.js';
import { takeUnreachableTasks } from '../unreachable-tasks.js';
import { executorIdOf, holdsNothing, lastingParts, newTask, type Task } from '../task.js';
import { addAgent, newAgent, pingTimeoutMs } from './agent-record.js';
import { deactivate } from './disconnect.js';
import { sendDrain } from './drain.js';
import { addExecutor } from './executors.js';
import { GONE_MESSAGE } from './gone.js';
import { knownAgentReregisters, type Reregister } from './known-agent.js';
import { recoverFramework, recoverFrameworks } from './recover-framework.js';
import { refuseDownMachine } from './register.js';

export function agentReregisters(master: MasterState, pid: string, said: Reregister, turn: Turn): void {
  const { agentId } = said;
  if (master.goneAgents.has(agentId)) return sendToProcess(pid, { type: 'shutdown', message: GONE_MESSAGE }, turn);
  if (isOnDownMachine(master, said.agent)) return refuseDownMachine(pid, turn);
  if (said.agent.domain !== undefined && master.info.domain === undefined)
    return logLine('ignored an agent with a domain: the master has none', { agent: agentId, pid }, turn);
  const known = master.agents.get(agentId);
  if (known !== undefined) knownAgentReregisters(master, known, pid, said, turn);
  else readmit(master, pid, said, turn);
}

const hold = (master: MasterState, agent: AgentRecord, framework: FrameworkRecord, role: string, resources: Resources): void => {
  agent.available = subtract(agent.available, resources);
  track(master, framework, role, resources);
};

const recoverTask = (master: MasterState, agent: AgentRecord, framework: FrameworkRecord, reported: ReportedTask): Task => {
  const task = newTask(reported.info, framework.info, reported.role, fromWire(reported.info.resources));
  task.state = reported.state;
  if (reported.lastStatus !== undefined) {
    task.statuses.push(reported.lastStatus);
    // What the agent told of last is what an acknowledgement is for (messages.proto, Task.status_update_state).
    task.statusUpdateState = reported.statusUpdateState;
    task.statusUpdateUuid = reported.statusUpdateUuid;
  }
  framework.tasks.set(task.id, task);
  master.changed.tasks.add(task);
  agent.tasks.set(taskKey(framework.id, task.id), task);
  if (!holdsNothing(task.state)) hold(master, agent, framework, task.role, task.resources);
  return task;
};

const recoverExecutor = (master: MasterState, agent: AgentRecord, { frameworkId, executor, role }: ReportedExecutor): void => {
  const framework = master.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const resources = fromWire(executor.resources);
  addExecutor(master, agent, { id: executor.executor_id.value, frameworkId, agentId: agent.id, info: executor, role, resources });
  hold(master, agent, framework, role, resources);
};

/** The tasks that come back, in the agent's order; those of a framework that this master has ended don't. */
const recoverTasks = (master: MasterState, agent: AgentRecord, said: Reregister, turn: Turn): void => {
  const isExpected = master.recoveredAgents.has(agent.id);
  const message = master.unreachableAgents.has(agent.id) ? 'Unreachable agent re-reregistered' : 'Unknown agent reregistered';
  for (const reported of said.tasks) {
    const framework = recoverFramework(master, reported.framework, turn.now);
    if (framework === undefined) continue;
    if (!isExpected) {
      framework.unreachableTasks.delete(reported.info.task_id.value);
      framework.completedTasks = framework.completedTasks.filter(({ id }) => id !== reported.info.task_id.value);
    }
    const task = recoverTask(master, agent, framework, reported);
    if (isExpected) continue;
    const status = masterStatus(
      { taskId: task.id, agentId: agent.id, state: task.state, message, reason: 'REASON_AGENT_REREGISTERED' },
      turn.now,
      { ...executorIdOf(task), ...lastingParts(task) },
    );
    forwardStatus(framework, status, turn);
  }
};

const readmit = (master: MasterState, pid: string, said: Reregister, turn: Turn): void => {
  const { agentId } = said;
  if (!master.recoveredAgents.has(agentId)) changeRegistry({ type: 'reachable', agentId }, turn);
  const agent = newAgent(agentId, pid, said.agent, said.total, turn.now);
  agent.reregisteredAt = turn.now;
  const alreadyHere = said.frameworks.filter(({ id }) => master.frameworks.has(id?.value ?? ''));
  recoverTasks(master, agent, said, turn);
  takeUnreachableTasks(master, agentId);
  for (const info of said.frameworks) recoverFramework(master, info, turn.now);
  for (const executor of said.executors) recoverExecutor(master, agent, executor);
  compareOperations(master, agent, said.operations, turn);
  master.recoveredAgents.delete(agentId);
  master.unreachableAgents.delete(agentId);
  addAgent(master, agent, turn);
  if (master.deactivatedAgents.has(agentId)) deactivate(master, agent, turn);
  sendDrain(master, agent, turn);
  sendToAgent(agentId, { type: 'reregistered', agentId, pingTimeoutMs: pingTimeoutMs(master.settings), reconciliations: [] }, turn);
  for (const { id } of said.frameworks)
    if (master.completedFrameworks.has(id?.value ?? ''))
      sendToAgent(agentId, { type: 'shutdown-framework', frameworkId: id?.value ?? '' }, turn);
  recoverFrameworks(master, agent, alreadyHere, turn);
  logLine('agent registered again', { agent: agentId, tasks: said.tasks.length }, turn);
};
