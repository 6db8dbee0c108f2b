import { dueReconciliation, reconcileSoon, startReconciliation } from './reconciliation.js';
import { askForOffers } from './demand.js';
import { endDeployments } from './deploying.js';
import type { Effect, MarathonEvent } from './events.js';
import { killUnwanted } from './killing.js';
import { useOffers } from './launching.js';
import { dueProbes, takeProbeResult } from './probing.js';
import type { State } from './state.js';
import { takeStatus } from './status-update.js';

/** Takes in one event and answers with what has to be done about it. Changes `state` in place. */
export const step = (state: State, event: MarathonEvent, now: number): Effect[] => [...take(state, event, now), ...converge(state, now)];

/** What has to be done to get from what is to what should be; also called after each change of the apps. */
export function converge(state: State, now: number): Effect[] {
  const effects = [...killUnwanted(state, now), ...dueReconciliation(state, now), ...dueProbes(state, now), ...askForOffers(state, now)];
  endDeployments(state);
  return effects;
}

function take(state: State, event: MarathonEvent, now: number): Effect[] {
  switch (event.type) {
    case 'subscribed':
      return subscribe(state, event.frameworkId, event.newFramework, now);
    case 'disconnected':
      state.connected = false;
      return [];
    case 'framework-removed':
      state.connected = false;
      return forgetTasks(state);
    case 'offers':
      return useOffers(state, event.offers, now);
    case 'status':
      return takeStatus(state, event.status, now);
    case 'not-launched':
      for (const taskId of event.taskIds) if (state.tasks.delete(taskId)) state.revision += 1;
      return [];
    case 'call-lost':
      reconcileSoon(state, event.taskIds, now);
      return [];
    case 'probe-result':
      return takeProbeResult(state, event.taskId, event.check, event.outcome, now);
    case 'tick':
      return [];
  }
}

/** Kills and reconciliation start anew: what the last subscription asked may never have arrived. */
function subscribe(state: State, frameworkId: string, newFramework: boolean, now: number): Effect[] {
  const effects = newFramework ? forgetTasks(state) : [];
  if (state.frameworkId !== frameworkId) state.revision += 1;
  state.frameworkId = frameworkId;
  state.connected = true;
  // The subscription was made with the role suppressed exactly when nothing was wanted; a REVIVE too many does no harm.
  state.suppressed = true;
  for (const task of state.tasks.values()) if (task.kill) task.kill = { ...task.kill, sentAt: 0 };
  startReconciliation(state, now);
  return effects;
}

/** A removed framework's tasks were killed by Mesos, and no update will ever say so. */
function forgetTasks(state: State): Effect[] {
  state.frameworkId = undefined;
  state.revision += 1;
  const lost = state.tasks.size;
  state.tasks.clear();
  state.unreconciled.clear();
  if (lost === 0) return [];
  return [{ type: 'log', level: 'warn', message: 'the framework is a new one: all earlier tasks are gone', fields: { lost } }];
}
