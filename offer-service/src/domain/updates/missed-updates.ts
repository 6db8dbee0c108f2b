import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { DriverState } from '../driver-state.js';
import { paceReconcile } from '../calls/paced-calls.js';

/**
 * Tasks of which an update was dropped that nobody sends again: those made by the master carry no uuid and are not
 * retried (docs/scheduler-http-api.md, ACKNOWLEDGE). Their state is asked for once there is room again.
 */
export interface MissedUpdates {
  readonly tasks: Map<string, string | undefined>;
  /** There were too many to remember, so every task is asked for. */
  tooMany: boolean;
}

export const noMissedUpdates = (): MissedUpdates => ({ tasks: new Map(), tooMany: false });

export const rememberMissed = ({ missed, settings }: DriverState, status: TaskStatus): void => {
  if (missed.tooMany) return;
  missed.tasks.set(status.task_id.value, status.agent_id?.value);
  if (missed.tasks.size <= settings.missedTasksRemembered) return;
  missed.tasks.clear();
  missed.tooMany = true;
};

/** Queues the reconciliation of what was missed, when its answers have room. */
export const reconcileMissed = (state: DriverState): void => {
  const { brokerUp, missed, settings, subscription, updates } = state;
  if (subscription === undefined || !brokerUp || updates.held > settings.updatesHeld / 2) return;
  if (missed.tooMany) paceReconcile(state, []);
  else if (missed.tasks.size > 0)
    paceReconcile(
      state,
      [...missed.tasks].map(([taskId, agentId]) => ({ taskId, agentId })),
    );
  missed.tooMany = false;
  missed.tasks.clear();
};
