import type { Deployment } from './deployment.js';
import { isHealthy } from './task.js';
import { isUpToDate, nextUuid, tasksOf, type State } from './state.js';

/** A newer change of an app ends the older one: this Marathon never locks an app. */
export function startDeployment(state: State, version: string, actions: Deployment['actions']): Deployment {
  const deployment = { id: nextUuid(state), version, actions };
  const apps = new Set(actions.map(({ app }) => app));
  state.deployments = [...state.deployments.filter((older) => !older.actions.some(({ app }) => apps.has(app))), deployment];
  return deployment;
}

export function endDeployments(state: State): void {
  const open = state.deployments.filter(({ actions }) => !actions.every(({ app }) => isSettled(state, app)));
  if (open.length === state.deployments.length) return;
  state.deployments = open;
  state.revision += 1;
}

function isSettled(state: State, appId: string): boolean {
  const app = state.apps.get(appId);
  const tasks = tasksOf(state, appId);
  if (!app) return tasks.length === 0;
  return tasks.length === app.instances && tasks.every((task) => !task.kill && isUpToDate(app, task) && isHealthy(task));
}
