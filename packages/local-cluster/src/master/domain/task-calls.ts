// What a framework says to its tasks' and executors' agents (master.cpp: kill, acknowledge, shutdown, message).
import type { Call } from '../../generated/protocol.js';
import { finishDraining } from './agents/drain.js';
import { taskKey, type AgentRecord, type FrameworkRecord, type MasterState } from './master-state.js';
import { sendToAgent, type Turn } from './turn.js';
import { reconcile } from './reconcile.js';
import { removeTask } from './status-update.js';
import { isTerminal } from './task.js';

const connectedAgent = (master: MasterState, id: string): AgentRecord | undefined => {
  const agent = master.agents.get(id);
  return agent?.connected === true ? agent : undefined;
};

/** An unknown task is reconciled; a disconnected agent is told when it is back. */
export function kill(master: MasterState, framework: FrameworkRecord, call: Call.Kill, turn: Turn): void {
  const task = framework.tasks.get(call.task_id.value);
  if (task === undefined) return reconcile(master, framework, [{ task_id: call.task_id, agent_id: call.agent_id }], turn);
  if (call.agent_id !== undefined && call.agent_id.value !== task.agentId) return;
  const agent = master.agents.get(task.agentId);
  if (agent === undefined) return;
  agent.killedTasks.add(taskKey(framework.id, task.id));
  if (!agent.connected) return;
  sendToAgent(agent.id, { type: 'kill-task', frameworkId: framework.id, taskId: task.id, killPolicy: call.kill_policy }, turn);
}

export function acknowledge(master: MasterState, framework: FrameworkRecord, call: Call.Acknowledge, turn: Turn): void {
  const agent = connectedAgent(master, call.agent_id.value);
  if (agent === undefined) return;
  const taskId = call.task_id.value;
  const task = agent.tasks.get(taskKey(framework.id, taskId));
  if (task !== undefined) {
    // An acknowledgement meant for an earlier run of the master: the agent will send the update again.
    if (task.statusUpdateState === undefined) return;
    if (isTerminal(task.statusUpdateState) && task.statusUpdateUuid === call.uuid) removeTask(master, task, 'completed');
  }
  sendToAgent(agent.id, { type: 'acknowledge', frameworkId: framework.id, taskId, uuid: call.uuid }, turn);
  finishDraining(master, agent, turn);
}

/** SHUTDOWN of an executor, known to the master or not. */
export function shutdownExecutor(master: MasterState, framework: FrameworkRecord, call: Call.Shutdown, turn: Turn): void {
  const agentId = call.agent_id.value;
  if (!master.agents.has(agentId)) return;
  sendToAgent(agentId, { type: 'shutdown-executor', frameworkId: framework.id, executorId: call.executor_id.value }, turn);
}

/** MESSAGE; lost if the agent is not there. */
export function messageExecutor(master: MasterState, framework: FrameworkRecord, call: Call.Message, turn: Turn): void {
  const agent = connectedAgent(master, call.agent_id.value);
  if (agent === undefined) return;
  const { executor_id, data } = call;
  sendToAgent(agent.id, { type: 'framework-message', frameworkId: framework.id, executorId: executor_id.value, data }, turn);
}
