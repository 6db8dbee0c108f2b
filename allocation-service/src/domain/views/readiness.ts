import type { State } from '../model.js';

export interface Readiness {
  readonly ready: boolean;
  /** What is wrong and what to do about it; empty when ready. */
  readonly reasons: readonly string[];
}

/** Ids of the tasks that Mesos runs for this framework and no record knows. */
export const unknownTaskIds = (state: State): string[] => [...state.leader.unknownTasks.keys()];

export const readiness = (state: State): Readiness => {
  const { connected, unknownTasks } = state.leader;
  const reasons: string[] = [];
  if (!connected) reasons.push('not subscribed to Mesos: offer-service, the broker or the master is away');
  if (state.durable.beganEmpty && unknownTasks.size > 0) {
    const some = [...unknownTasks.keys()].slice(0, 5).join(', ');
    reasons.push(
      `the state was empty but Mesos runs ${unknownTasks.size} tasks of this framework that it does not know (${some}): ` +
        'restore the state in ZooKeeper, or have them kept with `streams-on-mesos reconcile --adopt`, or killed with `streams-on-mesos reconcile --kill`',
    );
  }
  return { ready: reasons.length === 0, reasons };
};
