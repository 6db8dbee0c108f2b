import type { AppConfiguration, AppDefinition } from './app-definition.js';
import { absoluteAppId } from './app-id.js';
import { changeBetween, updated, type AppUpdate } from './app-update.js';
import { appProblems, type Problem } from './app-validation.js';
import { startDeployment } from './deploying.js';
import type { Deployment, DeploymentAction } from './deployment.js';
import { markForKill } from './killing.js';
import { nextVersion, tasksOf, type State } from './state.js';
import type { Task } from './task.js';

/** A request that can't be carried out; nothing has changed. */
export type Refusal =
  | { readonly refused: 'exists' | 'unknown-app'; readonly appId: string }
  | { readonly refused: 'invalid'; readonly problems: readonly Problem[] };

export interface Done {
  readonly refused?: undefined;
  readonly deployment: Deployment;
  readonly created: boolean;
}

/** POST /v2/apps: only a new app. */
export function createApp(state: State, update: AppUpdate, now: number): Done | Refusal {
  const id = absoluteAppId(update.id ?? '');
  return state.apps.has(id) ? { refused: 'exists', appId: id } : putApps(state, [{ ...update, id }], now);
}

/** PUT: each app is created or changed, all of them or none. `replace`: what an update leaves out falls back to its default. */
export function putApps(
  state: State,
  updates: readonly AppUpdate[],
  now: number,
  options: { readonly replace?: boolean } = {},
): Done | Refusal {
  const wanted = new Map<string, AppConfiguration>();
  const problems: Problem[] = [];
  for (const update of updates) {
    const id = absoluteAppId(update.id ?? '');
    const before = wanted.get(id) ?? (options.replace ? undefined : state.apps.get(id));
    const configuration = updated(before, update);
    wanted.set(id, configuration);
    problems.push(...appProblems(id, configuration));
  }
  if (problems.length > 0) return { refused: 'invalid', problems };
  const created = [...wanted.keys()].some((id) => !state.apps.has(id));
  const version = nextVersion(state, now);
  const actions = [...wanted].map(([id, configuration]) => ({ action: putApp(state, id, configuration, version), app: id }));
  return { deployment: startDeployment(state, version, actions), created };
}

function putApp(state: State, id: string, configuration: AppConfiguration, version: string): DeploymentAction {
  const before = state.apps.get(id);
  const change = before ? changeBetween(before, configuration) : 'configuration';
  if (before && change === 'none') return 'ScaleApplication';
  const lastConfigChangeAt = before && change === 'scaling' ? before.lastConfigChangeAt : version;
  state.apps.set(id, { ...configuration, id, version, lastScalingAt: version, lastConfigChangeAt });
  // A new configuration may be the cure.
  if (change === 'configuration') state.delays.delete(id);
  if (!before) return 'StartApplication';
  return change === 'scaling' ? 'ScaleApplication' : 'RestartApplication';
}

/** The app is gone at once; its tasks are killed. */
export function deleteApp(state: State, appId: string, now: number): Done | Refusal {
  if (!state.apps.delete(appId)) return { refused: 'unknown-app', appId };
  state.delays.delete(appId);
  state.failures.delete(appId);
  const deployment = startDeployment(state, nextVersion(state, now), [{ action: 'StopApplication', app: appId }]);
  return { deployment, created: false };
}

/** Replaces every task by a new one, as if the configuration had changed. */
export function restartApp(state: State, appId: string, now: number): Done | Refusal {
  const app = state.apps.get(appId);
  if (!app) return { refused: 'unknown-app', appId };
  const version = nextVersion(state, now);
  state.apps.set(appId, { ...app, version, lastConfigChangeAt: version });
  state.delays.delete(appId);
  return { deployment: startDeployment(state, version, [{ action: 'RestartApplication', app: appId }]), created: false };
}

/** Kills tasks of one app, which are replaced; with `scale` the app shrinks by them instead. */
export function killTasks(state: State, tasks: readonly Task[], scale: boolean, now: number): Deployment | undefined {
  const fresh = tasks.filter(({ kill }) => !kill);
  for (const task of fresh) markForKill(state, task, 'asked by a user');
  if (!scale) return undefined;
  const version = nextVersion(state, now);
  const apps = [...new Set(fresh.map(({ appId }) => appId))].flatMap((appId) => state.apps.get(appId) ?? []);
  for (const app of apps) shrink(state, app, fresh.filter(({ appId }) => appId === app.id).length, version);
  return startDeployment(
    state,
    version,
    apps.map(({ id }) => ({ action: 'ScaleApplication', app: id })),
  );
}

function shrink(state: State, app: AppDefinition, by: number, version: string): void {
  state.apps.set(app.id, { ...app, instances: Math.max(0, app.instances - by), version, lastScalingAt: version });
}

/** DELETE /v2/queue/{id}/delay: the next launch need not wait. */
export const resetDelay = (state: State, appId: string): void => void state.delays.delete(appId);

/** The tasks of an app, of one host only if that is given ("*": of all). */
export const tasksToKill = (state: State, appId: string, host: string | undefined): Task[] =>
  tasksOf(state, appId).filter((task) => host === undefined || host === '*' || task.host === host);
