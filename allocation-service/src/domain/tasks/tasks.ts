import { leaseLicences, returnLicences } from '../licences/licences.js';
import type { State, Task } from '../model.js';

/** A task that may run from now on, with all that is counted of tasks. */
export const addTask = (state: State, task: Task): void => {
  state.tasks.set(task.id, task);
  const onAgent = state.tasksByAgent.get(task.agentId);
  if (onAgent === undefined) state.tasksByAgent.set(task.agentId, new Set([task]));
  else onAgent.add(task);
  leaseLicences(state, task);
};

/** A task that has ended for certain, or that nobody remembers any longer. */
export const removeTask = (state: State, task: Task): void => {
  if (!state.tasks.delete(task.id)) return;
  const onAgent = state.tasksByAgent.get(task.agentId);
  onAgent?.delete(task);
  if (onAgent?.size === 0) state.tasksByAgent.delete(task.agentId);
  returnLicences(state, task);
};
