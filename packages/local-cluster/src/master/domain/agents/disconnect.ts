// The connection to an agent breaks: nothing is offered of it, but its tasks stay until it has been silent for too long
// (master.cpp: exited, disconnect, deactivate, removeFramework(slave, framework)).
import { rescindOffersOfAgent } from '../allocator/offers.js';
import { rescindInverseOffers } from '../maintenance/inverse-offers.js';
import type { AgentRecord, FrameworkRecord, MasterState } from '../master-state.js';
import { logLine, type Turn } from '../turn.js';
import { applyStatus, forwardStatus, masterStatus, removeTask } from '../status-update.js';
import { executorIdOf } from '../task.js';
import { agentAt } from './agent-record.js';
import { removeExecutor } from './executors.js';

/** Takes back what is offered of it and offers nothing more. */
export function deactivate(master: MasterState, agent: AgentRecord, turn: Turn): void {
  agent.active = false;
  rescindOffersOfAgent(master, agent, turn);
  rescindInverseOffers(master, agent, turn);
}

/** Tasks of a framework that checkpoints nothing don't survive their agent's process. */
const loseFramework = (master: MasterState, agent: AgentRecord, framework: FrameworkRecord, turn: Turn): void => {
  for (const task of [...agent.tasks.values()]) {
    if (task.frameworkId !== framework.id) continue;
    const status = masterStatus(
      {
        taskId: task.id,
        agentId: agent.id,
        state: 'TASK_LOST',
        message: `Agent ${agent.info.hostname} disconnected`,
        reason: 'REASON_AGENT_DISCONNECTED',
      },
      turn.now,
      executorIdOf(task),
    );
    applyStatus(master, task, status, undefined, turn.now);
    removeTask(master, task, 'completed');
    forwardStatus(framework, status, turn);
  }
  for (const executor of [...agent.executors.values()])
    if (executor.frameworkId === framework.id) removeExecutor(master, agent, executor, turn.now);
};

/** The link to a process broke. */
export function agentExited(master: MasterState, pid: string, turn: Turn): void {
  const agent = agentAt(master, pid);
  if (agent === undefined || !agent.connected) return;
  logLine('agent disconnected', { agent: agent.id }, turn);
  agent.connected = false;
  deactivate(master, agent, turn);
  const frameworkIds = new Set([...agent.tasks.values(), ...agent.executors.values()].map(({ frameworkId }) => frameworkId));
  for (const frameworkId of frameworkIds) {
    const framework = master.frameworks.get(frameworkId);
    if (framework !== undefined && framework.info.checkpoint !== true) loseFramework(master, agent, framework, turn);
  }
  master.reregisterDeadlines.set(agent.id, turn.now + master.settings.agentReregisterTimeoutMs);
}
