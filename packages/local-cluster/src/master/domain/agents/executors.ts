// Executors on the master's books, and what they and frameworks say to each other (master.cpp: exitedExecutor, removeExecutor,
// executorMessage). The books have no command task's own executor.
import type { ToMaster } from '../../../network/messages.js';
import { recoverResources } from '../allocator/recover-resources.js';
import { executorKey, type AgentRecord, type ExecutorRecord, type MasterState } from '../master-state.js';
import { logLine, sendEvent, type Turn } from '../turn.js';

type ExitedExecutor = Extract<ToMaster, { readonly type: 'exited-executor' }>;
type ExecutorMessage = Extract<ToMaster, { readonly type: 'executor-message' }>;

/** In a framework's books, where agents may have executors of the same id. */
const keyInFramework = ({ agentId, id }: ExecutorRecord): string => `${agentId} ${id}`;

/** What it holds is taken off what is available by the caller. */
export function addExecutor(master: MasterState, agent: AgentRecord, executor: ExecutorRecord): void {
  agent.executors.set(executorKey(executor.frameworkId, executor.id), executor);
  master.frameworks.get(executor.frameworkId)?.executors.set(keyInFramework(executor), executor);
}

/** Gives back what it held. */
export function removeExecutor(master: MasterState, agent: AgentRecord, executor: ExecutorRecord, now: number): void {
  const framework = master.frameworks.get(executor.frameworkId);
  agent.executors.delete(executorKey(executor.frameworkId, executor.id));
  framework?.executors.delete(keyInFramework(executor));
  recoverResources(master, framework, { agentId: agent.id, role: executor.role, resources: executor.resources }, undefined, now);
}

/** FAILURE tells the framework. What became of its tasks is the agent's to say. */
export function executorExited(master: MasterState, { agentId, frameworkId, executorId, status }: ExitedExecutor, turn: Turn): void {
  const agent = master.agents.get(agentId);
  const executor = agent?.executors.get(executorKey(frameworkId, executorId));
  if (agent === undefined || executor === undefined) return;
  logLine('executor exited', { agent: agentId, executor: executorId, status }, turn);
  removeExecutor(master, agent, executor, turn.now);
  const framework = master.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const failure = { agent_id: { value: agentId }, executor_id: { value: executorId }, status };
  sendEvent(framework, { type: 'FAILURE', failure }, turn);
}

/** MESSAGE; lost if the framework has no stream. */
export function executorMessage(master: MasterState, { agentId, frameworkId, executorId, data }: ExecutorMessage, turn: Turn): void {
  const framework = master.frameworks.get(frameworkId);
  if (framework === undefined || !master.agents.has(agentId)) return;
  const message = { agent_id: { value: agentId }, executor_id: { value: executorId }, data };
  sendEvent(framework, { type: 'MESSAGE', message }, turn);
}
