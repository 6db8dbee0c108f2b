import { leaseLicences, returnLicences } from '../licences/licences.js';
import type { Resource, State, Task } from '../model.js';

/** The id of the task that the next launch of a resource makes; it is used once, whatever becomes of the task. */
export const nextTaskId = (resource: Resource): string => `${resource.request.taskPrefix}_${resource.id}_${resource.launches}`;

/** A task that may run from now on, with all that is counted of tasks. */
export const addTask = (state: State, task: Task): void => {
  addTasks(state, task.agentId, [task]);
};

/** The same for several on one agent. */
export const addTasks = (state: State, agentId: string, tasks: readonly Task[]): void => {
  const onAgent = state.tasksByAgent.get(agentId);
  if (onAgent === undefined) state.tasksByAgent.set(agentId, tasks.slice());
  else onAgent.push(...tasks);
  for (const task of tasks) {
    state.tasks.set(task.id, task);
    leaseLicences(state, task);
  }
};

/** A task that has ended for certain, or that nobody remembers any longer. */
export const removeTask = (state: State, task: Task): void => {
  if (!state.tasks.delete(task.id)) return;
  const onAgent = state.tasksByAgent.get(task.agentId) ?? [];
  if (onAgent.length > 1) onAgent.splice(onAgent.indexOf(task), 1);
  else state.tasksByAgent.delete(task.agentId);
  returnLicences(state, task);
};
