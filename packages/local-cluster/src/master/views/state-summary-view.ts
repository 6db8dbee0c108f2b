// GET /state-summary (src/master/readonly_handler.cpp, stateSummary): how many tasks are in which state, by agent and by framework.
import type { MasterState } from '../domain/master-state.js';
import type { Task } from '../domain/task.js';
import { agentView } from './agent-view.js';
import { frameworkSummary } from './framework-view.js';
import type { View } from './resources-view.js';

const STATES = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
] as const;

const counts = (tasks: readonly Task[]): View => {
  const byState = new Map<string, number>();
  for (const { state } of tasks) byState.set(state, (byState.get(state) ?? 0) + 1);
  return Object.fromEntries(STATES.map((state) => [state, byState.get(state) ?? 0]));
};

export const stateSummaryView = (master: MasterState): View => {
  const tasksOf = new Map<string, Task[]>();
  const frameworks = [...master.frameworks.values()].map((framework) => {
    const tasks = [...framework.tasks.values(), ...framework.unreachableTasks.values(), ...framework.completedTasks];
    for (const task of tasks) {
      const known = tasksOf.get(task.agentId);
      if (known === undefined) tasksOf.set(task.agentId, [task]);
      else known.push(task);
    }
    return { ...frameworkSummary(framework), ...counts(tasks), slave_ids: [...new Set(tasks.map(({ agentId }) => agentId))] };
  });
  const slaves = [...master.agents.values()].map((agent) => {
    const tasks = tasksOf.get(agent.id) ?? [];
    return { ...agentView(agent, master), ...counts(tasks), framework_ids: [...new Set(tasks.map(({ frameworkId }) => frameworkId))] };
  });
  return { hostname: master.info.hostname, slaves, frameworks };
};
