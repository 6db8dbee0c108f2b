// Agents that are silent for too long (master.cpp: markUnreachable, __removeSlave, recoveredSlavesTimeout).
import type { MasterState } from '../master-state.js';
import { changeRegistry, logLine, type Turn } from '../turn.js';
import { lossState, masterStatus } from '../status-update.js';
import { executorIdOf } from '../task.js';
import { loseAgent, tellOfLostAgent, tellOfLostOperations } from './loss.js';

/** `message` is what the statuses of its tasks say. */
export function markUnreachable(master: MasterState, agentId: string, message: string, turn: Turn): void {
  const agent = master.agents.get(agentId);
  if (agent === undefined) return;
  const sinceNs = turn.now * 1_000_000;
  logLine('agent is unreachable', { agent: agentId, reason: message }, turn);
  changeRegistry({ type: 'unreachable', agentId, sinceNs }, turn);
  master.unreachableAgents.set(agentId, sinceNs);
  tellOfLostOperations(master, agent, 'OPERATION_UNREACHABLE', 'Agent was marked unreachable', turn);
  loseAgent(
    master,
    agent,
    (task, framework) => ({
      status: masterStatus(
        { taskId: task.id, agentId, state: lossState(framework, 'TASK_UNREACHABLE'), message, reason: 'REASON_AGENT_REMOVED' },
        turn.now,
        { ...executorIdOf(task), unreachable_time: { nanoseconds: sinceNs } },
      ),
      where: 'unreachable',
    }),
    turn,
  );
}

/** An agent that the registry names didn't come back to this leader; of its tasks nothing is known. */
function recoveredAgentIsUnreachable(master: MasterState, agentId: string, turn: Turn): void {
  const sinceNs = turn.now * 1_000_000;
  logLine('agent is unreachable', { agent: agentId, reason: 'did not reregister after master failover' }, turn);
  changeRegistry({ type: 'unreachable', agentId, sinceNs }, turn);
  master.recoveredAgents.delete(agentId);
  master.unreachableAgents.set(agentId, sinceNs);
  tellOfLostAgent(master, agentId, turn);
}

/** All that have not come back when the time for it is over. */
export function loseRecoveredAgents(master: MasterState, turn: Turn): void {
  master.recoveryDeadline = undefined;
  for (const agentId of [...master.recoveredAgents]) recoveredAgentIsUnreachable(master, agentId, turn);
}
