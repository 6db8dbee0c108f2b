import type { AppDefinition } from './app-definition.js';
import { deadline } from './backoff.js';
import type { Effect } from './events.js';
import { planRollout } from './rollout.js';
import { isUpToDate, tasksOf, type State } from './state.js';

/** Offers wanted and none came for so long: REVIVE again, the last one may have met a filter set after it. */
export const reviveAgainMs = 10_000;

export interface WantedLaunch {
  readonly app: AppDefinition;
  readonly count: number;
  /** ms; before it nothing of this app is launched. */
  readonly notBefore: number;
}

/** All that is missing, what still has to wait for its launch delay included. */
export const missingTasks = (state: State): WantedLaunch[] =>
  [...state.apps.values()]
    .map((app) => ({
      app,
      count: planRollout(app, tasksOf(state, app.id), (task) => isUpToDate(app, task)).launch,
      notBefore: deadline(state.delays.get(app.id)),
    }))
    .filter(({ count }) => count > 0);

export const wantedLaunches = (state: State, now: number): WantedLaunch[] =>
  missingTasks(state).filter(({ notBefore }) => notBefore <= now);

/** Asks for offers when something can be launched, and for none when not: derived from the state, so that no REVIVE is ever forgotten. */
export function askForOffers(state: State, now: number): Effect[] {
  const wanted = new Set(missingTasks(state).map(({ app }) => app.id));
  for (const appId of state.waiting.keys()) if (!wanted.has(appId)) state.waiting.delete(appId);
  for (const appId of wanted) {
    if (!state.waiting.has(appId)) state.waiting.set(appId, { since: now, processedOffers: 0, rejections: new Map() });
  }
  if (!state.connected) return [];
  if (wantedLaunches(state, now).length === 0) {
    if (state.suppressed) return [];
    state.suppressed = true;
    return [{ type: 'suppress' }];
  }
  if (!state.suppressed && now < state.offersAwaitedSince + reviveAgainMs) return [];
  state.suppressed = false;
  state.offersAwaitedSince = now;
  return [{ type: 'revive' }];
}
