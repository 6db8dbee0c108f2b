import type { DriverState } from '../driver-state.js';
import type { Effect, MesosCall, TaskOnAgent } from '../effects.js';

/** A KILL or a piece of a RECONCILE that waits for its turn. */
export interface PacedCall {
  readonly call: MesosCall;
  readonly tasks: number;
  /** The call of allocation-service it is for, if any. */
  readonly callId: string | undefined;
}

/** At most so many tasks an interval are named to the master, in calls of at most so many. */
export interface PacedCalls {
  queue: PacedCall[];
  intervalStart: number;
  used: number;
}

export const nothingPaced = (): PacedCalls => ({ queue: [], intervalStart: 0, used: 0 });

/** Queues a kill. */
export const paceKill = ({ paced }: DriverState, call: MesosCall, callId: string): void => {
  paced.queue.push({ call, tasks: 1, callId });
};

/** Queues a reconciliation, in pieces; returns in how many. None given: one implicit call. */
export const paceReconcile = ({ paced, settings }: DriverState, tasks: readonly TaskOnAgent[], callId?: string): number => {
  const pieces = Math.max(1, Math.ceil(tasks.length / settings.pacedTasks));
  for (let piece = 0; piece < pieces; piece += 1) {
    const part = tasks.slice(piece * settings.pacedTasks, (piece + 1) * settings.pacedTasks);
    paced.queue.push({ call: { kind: 'reconcile', tasks: part }, tasks: Math.max(1, part.length), callId });
  }
  return pieces;
};

/** What may leave now. */
export const pumpPaced = ({ paced, settings, subscription }: DriverState, now: number): Effect[] => {
  if (subscription === undefined || paced.queue.length === 0) return [];
  if (now - paced.intervalStart >= settings.paceIntervalMs) {
    paced.intervalStart = now;
    paced.used = 0;
  }
  let count = 0;
  for (const { tasks } of paced.queue) {
    if (paced.used + tasks > settings.pacedTasks) break;
    paced.used += tasks;
    count += 1;
  }
  return paced.queue
    .splice(0, count)
    .map(({ call, callId }) =>
      callId === undefined ? { type: 'call-mesos', call } : { type: 'call-mesos', call, concern: { of: 'call', callId } },
    );
};

/** The subscription is over: what waits is not sent. Returns it. */
export const dropPaced = ({ paced }: DriverState): PacedCall[] => paced.queue.splice(0);
