// MARK_AGENT_GONE: the operator says that an agent will never come back (master/http.cpp, markAgentGone; master.cpp, markGone).
import type { TaskStatus } from '../../../generated/protocol.js';
import { hasCapability } from '../validation/framework-info.js';
import type { FrameworkRecord, MasterState } from '../master-state.js';
import { changeRegistry, logLine, sendToProcess, type Turn } from '../turn.js';
import { addCompletedTask, forwardStatus, masterStatus } from '../status-update.js';
import { executorIdOf, updateTask, type Task } from '../task.js';
import { takeUnreachableTasks } from '../unreachable-tasks.js';
import { isKnownAgent } from './agent-record.js';
import { loseAgent, tellOfLostOperations } from './loss.js';
import type { OperatorAnswer } from './operator-answer.js';

export const GONE_MESSAGE = 'Agent has been marked gone';

export function markAgentGone(master: MasterState, agentId: string, turn: Turn): OperatorAnswer {
  if (master.goneAgents.has(agentId)) return { status: 200, body: '' };
  if (!isKnownAgent(master, agentId)) return { status: 404, body: `Agent '${agentId}' not found` };
  agentIsGone(master, agentId, turn);
  return { status: 200, body: '' };
}

const goneStatus = (framework: FrameworkRecord, task: Task, now: number): TaskStatus => {
  const isAware = hasCapability(framework.info, 'PARTITION_AWARE');
  return masterStatus(
    {
      taskId: task.id,
      agentId: task.agentId,
      state: isAware ? 'TASK_GONE_BY_OPERATOR' : 'TASK_LOST',
      message: GONE_MESSAGE,
      reason: isAware ? 'REASON_AGENT_REMOVED_BY_OPERATOR' : 'REASON_AGENT_REMOVED',
    },
    now,
    executorIdOf(task),
  );
};

export function agentIsGone(master: MasterState, agentId: string, turn: Turn): void {
  const sinceNs = turn.now * 1_000_000;
  logLine('agent is gone', { agent: agentId }, turn);
  changeRegistry({ type: 'gone', agentId, sinceNs }, turn);
  master.goneAgents.set(agentId, sinceNs);
  const agent = master.agents.get(agentId);
  if (agent === undefined) return unreachableAgentIsGone(master, agentId, turn);
  sendToProcess(agent.pid, { type: 'shutdown', message: GONE_MESSAGE }, turn);
  tellOfLostOperations(master, agent, 'OPERATION_GONE_BY_OPERATOR', GONE_MESSAGE, turn);
  loseAgent(
    master,
    agent,
    (task, framework) => ({
      status: goneStatus(framework, task, turn.now),
      // Tasks that are lost to a framework without PARTITION_AWARE count as unreachable (master.cpp, __removeSlave).
      where: hasCapability(framework.info, 'PARTITION_AWARE') ? 'completed' : 'unreachable',
    }),
    turn,
  );
  master.drainingAgents.delete(agentId);
  master.deactivatedAgents.delete(agentId);
}

/** Of a recovered agent no tasks are known, so nobody is told; and Mesos goes on expecting it. */
function unreachableAgentIsGone(master: MasterState, agentId: string, turn: Turn): void {
  if (master.recoveredAgents.has(agentId)) return;
  master.unreachableAgents.delete(agentId);
  master.drainingAgents.delete(agentId);
  master.deactivatedAgents.delete(agentId);
  for (const { framework, task } of takeUnreachableTasks(master, agentId)) {
    const status = goneStatus(framework, task, turn.now);
    updateTask(task, status);
    master.changed.tasks.add(task);
    forwardStatus(framework, status, turn);
    addCompletedTask(master, framework, task);
  }
}
