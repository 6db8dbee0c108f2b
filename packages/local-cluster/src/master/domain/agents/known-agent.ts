// An agent registers again with a master that still has it on its books: its process came back, or its connection broke for a while
// (master.cpp: ___reregisterSlave, reconcileKnownSlave).
import type { ReportedTask, ToMaster } from '../../../network/messages.js';
import { isSame, subtract, type Resources } from '../../../resources/resources.js';
import { changeInfo, changeTotal } from '../allocator/agents.js';
import { rescindOffersOfAgent } from '../allocator/offers.js';
import { executorKey, taskKey, type AgentRecord, type MasterState } from '../master-state.js';
import { logLine, sendToAgent, sendToProcess, type Turn } from '../turn.js';
import { compareOperations } from '../operations/operations.js';
import { holdsNothing, isTerminal } from '../task.js';
import { pingTimeoutMs } from './agent-record.js';
import { sendDrain } from './drain.js';
import { removeExecutor } from './executors.js';
import { recoverFrameworks } from './recover-framework.js';

export type Reregister = Extract<ToMaster, { readonly type: 'reregister' }>;

const OTHER_MACHINE = 'Agent attempted to reregister with different IP / hostname';

const keyOf = ({ framework, info }: ReportedTask): string => taskKey(framework.id?.value ?? '', info.task_id.value);

export function knownAgentReregisters(master: MasterState, agent: AgentRecord, pid: string, said: Reregister, turn: Turn): void {
  if (agent.info.ip !== said.agent.ip || agent.info.hostname !== said.agent.hostname)
    return sendToProcess(pid, { type: 'shutdown', message: OTHER_MACHINE }, turn);
  master.agentIds.delete(agent.pid);
  master.agentIds.set(pid, agent.id);
  agent.pid = pid;
  changeInfo(master, agent, said.agent);
  agent.reregisteredAt = turn.now;
  takeTotal(master, agent, said.total, turn);
  compareBooks(master, agent, said, turn);
  if (!agent.connected) {
    agent.connected = true;
    agent.active = !master.deactivatedAgents.has(agent.id);
    master.reregisterDeadlines.delete(agent.id);
  }
  sendDrain(master, agent, turn);
  recoverFrameworks(master, agent, said.frameworks, turn);
  logLine('agent registered again', { agent: agent.id, tasks: said.tasks.length }, turn);
}

/** The agent knows best what was reserved on it: an operation may not have reached it. */
const takeTotal = (master: MasterState, agent: AgentRecord, total: Resources, turn: Turn): void => {
  if (isSame(total, agent.total)) return;
  rescindOffersOfAgent(master, agent, turn);
  changeTotal(master, agent, total);
  const held = [...[...agent.tasks.values()].filter(({ state }) => !holdsNothing(state)), ...agent.executors.values()];
  agent.available = held.reduce((rest, { resources }) => subtract(rest, resources), total);
};

/** Answers with the tasks that the agent is to explain, and puts right what it missed meanwhile. */
const compareBooks = (master: MasterState, agent: AgentRecord, said: Reregister, turn: Turn): void => {
  const reported = new Set(said.tasks.map(keyOf));
  const missing = new Map<string, string[]>();
  for (const [key, { frameworkId, id }] of agent.tasks)
    if (!reported.has(key)) missing.set(frameworkId, [...(missing.get(frameworkId) ?? []), id]);
  const reconciliations = [...missing].flatMap(([frameworkId, taskIds]) => {
    const framework = master.frameworks.get(frameworkId);
    return framework === undefined ? [] : [{ framework: framework.info, taskIds }];
  });
  sendToAgent(agent.id, { type: 'reregistered', agentId: agent.id, pingTimeoutMs: pingTimeoutMs(master.settings), reconciliations }, turn);
  const executors = new Set(said.executors.map(({ frameworkId, executor }) => executorKey(frameworkId, executor.executor_id.value)));
  for (const [key, executor] of [...agent.executors]) if (!executors.has(key)) removeExecutor(master, agent, executor, turn.now);
  compareOperations(master, agent, said.operations, turn);
  for (const task of said.tasks) {
    if (isTerminal(task.state) || !agent.killedTasks.has(keyOf(task))) continue;
    const [frameworkId, taskId] = [task.framework.id?.value ?? '', task.info.task_id.value];
    sendToAgent(agent.id, { type: 'kill-task', frameworkId, taskId, killPolicy: undefined }, turn);
  }
  for (const frameworkId of new Set(said.tasks.map(({ framework }) => framework.id?.value ?? '')))
    if (master.completedFrameworks.has(frameworkId)) sendToAgent(agent.id, { type: 'shutdown-framework', frameworkId }, turn);
};
