import { missingTasks, reviveAgainMs } from './demand.js';
import { isStaging, killAgainMs, stagingTimeoutMs } from './killing.js';
import type { State } from './state.js';
import { isRunning, type Task } from './task.js';

/** When the next `tick` is due, in ms since the epoch; Infinity: never. */
export function nextWakeup(state: State, now: number): number {
  const times = [...state.tasks.values()].flatMap((task) => (task.kill ? killTime(state, task) : lifeTimes(task)));
  if (state.connected) {
    times.push(state.reconcileAt);
    for (const { notBefore } of missingTasks(state)) {
      times.push(notBefore > now ? notBefore : state.offersAwaitedSince + reviveAgainMs);
    }
  }
  return Math.min(Infinity, ...times);
}

const killTime = (state: State, { kill }: Task): number[] => (state.connected && kill ? [kill.sentAt + killAgainMs] : []);

function lifeTimes(task: Task): number[] {
  if (isStaging(task)) return [task.stagedAt + stagingTimeoutMs];
  return isRunning(task) ? task.health.flatMap(({ probeAt }) => probeAt ?? []) : [];
}
