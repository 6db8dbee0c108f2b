// The end of a framework: TEARDOWN, the operator's teardown, failover_timeout (master.cpp, removeFramework).
import { removeExecutor } from './agents/executors.js';
import type { FrameworkRecord, MasterState } from './master-state.js';
import { logLine, sendToAgent, type Turn } from './turn.js';
import { discardOffer } from './allocator/offers.js';
import { forgetStanding, updateStanding } from './allocator/shares.js';
import { discardInverseOffers } from './maintenance/inverse-offers.js';
import { addCompletedTask, applyStatus, masterStatus, removeTask } from './status-update.js';
import { updateTask, type Task } from './task.js';
import { clearUnreachableTasks } from './unreachable-tasks.js';

const removedStatus = (framework: FrameworkRecord, task: Task, now: number) =>
  masterStatus(
    {
      taskId: task.id,
      agentId: task.agentId,
      state: 'TASK_KILLED',
      message: `Framework ${framework.id} removed`,
      reason: 'REASON_FRAMEWORK_REMOVED',
    },
    now,
  );

/** Nobody is told of the tasks' end; the agents kill them. */
export function removeFramework(master: MasterState, framework: FrameworkRecord, turn: Turn): void {
  framework.state = 'disconnected';
  updateStanding(master, framework);
  for (const offer of [...framework.offers.values()]) discardOffer(master, offer, undefined, turn.now);
  discardInverseOffers(master, framework);
  for (const agentId of master.agents.keys()) sendToAgent(agentId, { type: 'shutdown-framework', frameworkId: framework.id }, turn);
  for (const task of [...framework.tasks.values()]) {
    applyStatus(master, task, removedStatus(framework, task, turn.now), undefined, turn.now);
    removeTask(master, task, 'completed');
  }
  for (const task of framework.unreachableTasks.values()) {
    updateTask(task, removedStatus(framework, task, turn.now));
    master.changed.tasks.add(task);
    addCompletedTask(master, framework, task);
  }
  clearUnreachableTasks(master, framework);
  for (const executor of [...framework.executors.values()]) {
    const agent = master.agents.get(executor.agentId);
    if (agent !== undefined) removeExecutor(master, agent, executor, turn.now);
  }
  if (framework.stream !== undefined) turn.effects.push({ type: 'close-stream', stream: framework.stream });
  framework.stream = undefined;
  framework.unregisteredAt = turn.now;
  framework.failoverDeadline = undefined;
  forgetStanding(master, framework);
  master.frameworks.delete(framework.id);
  master.completedFrameworks.set(framework.id, framework);
  const oldest = master.completedFrameworks.keys().next().value;
  if (oldest !== undefined && master.completedFrameworks.size > master.settings.maxCompletedFrameworks)
    master.completedFrameworks.delete(oldest);
  logLine('framework removed', { framework: framework.id }, turn);
}

export function removeOverdueFrameworks(master: MasterState, turn: Turn): void {
  for (const framework of [...master.frameworks.values()])
    if (framework.failoverDeadline !== undefined && framework.failoverDeadline <= turn.now) removeFramework(master, framework, turn);
}
