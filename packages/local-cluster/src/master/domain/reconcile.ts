// What RECONCILE is answered (master.cpp, Master::reconcile).
import type { Call, TaskStatus } from '../../generated/protocol.js';
import type { FrameworkRecord, MasterState } from './master-state.js';
import { sendEvent, type Turn } from './turn.js';
import { lossState, masterStatus } from './status-update.js';
import { executorIdOf, lastingParts, type Task } from './task.js';

const latestStatus = (task: Task, now: number): TaskStatus =>
  masterStatus(
    {
      taskId: task.id,
      agentId: task.agentId,
      // What the framework has been sent, not what is waiting for an earlier acknowledgement.
      state: task.statusUpdateState ?? task.state,
      message: 'Reconciliation: Latest task state',
      reason: 'REASON_RECONCILIATION',
    },
    now,
    { ...executorIdOf(task), ...lastingParts(task) },
  );

/** undefined: no answer, because an agent that may run the task has not come back yet. */
function explicitStatus(master: MasterState, framework: FrameworkRecord, asked: Call.Reconcile.Task, now: number): TaskStatus | undefined {
  const taskId = asked.task_id.value;
  const agentId = asked.agent_id?.value;
  const task = framework.tasks.get(taskId);
  if (task !== undefined) return latestStatus(task, now);
  if (agentId === undefined ? master.recoveredAgents.size > 0 : master.recoveredAgents.has(agentId)) return undefined;
  const reason = 'REASON_RECONCILIATION';
  if (agentId !== undefined && master.agents.has(agentId)) {
    const message = 'Reconciliation: Task is unknown to the agent';
    return masterStatus({ taskId, agentId, state: lossState(framework, 'TASK_GONE'), message, reason }, now);
  }
  const since = agentId === undefined ? undefined : master.unreachableAgents.get(agentId);
  if (since !== undefined) {
    const message = 'Reconciliation: Task is unreachable';
    const more = { unreachable_time: { nanoseconds: since } };
    return masterStatus({ taskId, agentId, state: lossState(framework, 'TASK_UNREACHABLE'), message, reason }, now, more);
  }
  if (agentId !== undefined && master.goneAgents.has(agentId)) {
    const message = 'Reconciliation: Task is gone';
    return masterStatus({ taskId, agentId, state: lossState(framework, 'TASK_GONE_BY_OPERATOR'), message, reason }, now);
  }
  const message = 'Reconciliation: Task is unknown';
  return masterStatus({ taskId, agentId, state: lossState(framework, 'TASK_UNKNOWN'), message, reason }, now);
}

/** An empty list asks for all tasks. */
export function reconcile(master: MasterState, framework: FrameworkRecord, asked: readonly Call.Reconcile.Task[], turn: Turn): void {
  const answers =
    asked.length === 0
      ? [...framework.tasks.values()].map((task) => latestStatus(task, turn.now))
      : asked.map((one) => explicitStatus(master, framework, one, turn.now));
  for (const status of answers) if (status !== undefined) sendEvent(framework, { type: 'UPDATE', update: { status } }, turn);
}
