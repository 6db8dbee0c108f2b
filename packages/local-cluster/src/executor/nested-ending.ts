// How a task of a group ended, from the end of its container (default_executor.cpp, waited).
import type { TaskState } from '../generated/protocol.js';
import { exitMessage } from './exit-message.js';
import type { NestedContainer } from './nested-container.js';
import type { StatusDetails } from './task-status.js';

interface Ending {
  readonly state: TaskState;
  readonly details: StatusDetails;
}

/** Without an exit there never was a process of it. */
export const endingOf = ({ killing, killedByCompletionTimeout, exit, launchError }: NestedContainer): Ending => {
  if (exit === undefined) {
    if (killing) return { state: 'TASK_KILLED', details: {} };
    return { state: 'TASK_FAILED', details: { message: launchError ?? `Unable to retrieve command's termination information` } };
  }
  const message = exitMessage(exit);
  if (killedByCompletionTimeout) return { state: 'TASK_FAILED', details: { message, reason: 'REASON_MAX_COMPLETION_TIME_REACHED' } };
  if (killing) return { state: 'TASK_KILLED', details: { message } };
  return { state: exit.code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED', details: { message } };
};
