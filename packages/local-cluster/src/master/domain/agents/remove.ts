// An agent that says that it ends, or in whose place another one registers (master.cpp: unregisterSlave, removeSlave, _removeSlave).
import type { ToMaster } from '../../../network/messages.js';
import type { AgentRecord, MasterState } from '../master-state.js';
import { changeRegistry, logLine, type Turn } from '../turn.js';
import { masterStatus } from '../status-update.js';
import { executorIdOf } from '../task.js';
import { loseAgent } from './loss.js';

/** Its tasks are lost for good, whatever their framework knows of partitions. */
export function removeAgent(master: MasterState, agent: AgentRecord, cause: string, turn: Turn): void {
  logLine('agent removed', { agent: agent.id, reason: cause }, turn);
  changeRegistry({ type: 'remove', agentId: agent.id }, turn);
  const message = `Agent ${agent.info.hostname} removed: ${cause}`;
  loseAgent(
    master,
    agent,
    (task) => ({
      status: masterStatus(
        { taskId: task.id, agentId: agent.id, state: 'TASK_LOST', message, reason: 'REASON_AGENT_REMOVED' },
        turn.now,
        executorIdOf(task),
      ),
      where: 'completed',
    }),
    turn,
  );
  master.drainingAgents.delete(agent.id);
  master.deactivatedAgents.delete(agent.id);
}

export function agentUnregisters(
  master: MasterState,
  pid: string,
  { agentId }: Extract<ToMaster, { readonly type: 'unregister' }>,
  turn: Turn,
): void {
  const agent = master.agents.get(agentId);
  if (agent?.pid === pid) removeAgent(master, agent, 'the agent unregistered', turn);
}
