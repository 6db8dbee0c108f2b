import { leaseLicences, returnLicences } from '../licences/licences.js';
import type { State, Task } from '../model.js';

/** A task that may run from now on, with all that is counted of tasks. */
export const addTask = (state: State, task: Task): void => {
  state.tasks.set(task.id, task);
  leaseLicences(state, task);
};

/** A task that has ended for certain, or that nobody remembers any longer. */
export const removeTask = (state: State, task: Task): void => {
  if (state.tasks.delete(task.id)) returnLicences(state, task);
};
