import type { Effect } from './events.js';
import type { State } from './state.js';

/** Between two full reconciliations; Marathon's reconciliation_interval. */
const intervalMs = 600_000;
const firstWaitMs = 2_000;
const longestWaitMs = 30_000;

/** Asks Mesos for every task: at once after each subscription, since updates may have been lost before it. */
export function startReconciliation(state: State, now: number): void {
  state.unreconciled.clear();
  for (const taskId of state.tasks.keys()) state.unreconciled.add(taskId);
  state.reconcileRound = 0;
  state.reconcileAt = now;
}

/** The request that is due, repeated ever more slowly until every task has answered (docs/reconciliation.md). */
export function dueReconciliation(state: State, now: number): Effect[] {
  if (!state.connected || now < state.reconcileAt) return [];
  const tasks = [...state.unreconciled].flatMap((taskId) => {
    const task = state.tasks.get(taskId);
    return task ? [{ taskId, agentId: task.agentId }] : [];
  });
  if (tasks.length === 0) {
    if (state.tasks.size > 0 && state.reconcileRound === idle) {
      startReconciliation(state, now);
      return dueReconciliation(state, now);
    }
    state.reconcileRound = idle;
    state.reconcileAt = now + intervalMs;
    return [];
  }
  state.reconcileRound = Math.max(0, state.reconcileRound) + 1;
  state.reconcileAt = now + Math.min(longestWaitMs, firstWaitMs * 2 ** (state.reconcileRound - 1));
  return [{ type: 'reconcile', tasks }];
}

/** No reconciliation under way. */
const idle = -1;

/** For tasks of which it is not known whether the master heard of them. */
export function reconcileSoon(state: State, taskIds: readonly string[], now: number): void {
  for (const taskId of taskIds) state.unreconciled.add(taskId);
  state.reconcileRound = 0;
  state.reconcileAt = Math.min(state.reconcileAt, now + firstWaitMs);
}
