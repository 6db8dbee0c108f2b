import type { AppConfiguration } from './app-definition.js';
import { isHealthy, isRunning, type Task } from './task.js';

export interface RolloutPlan {
  readonly kill: readonly Task[];
  readonly reason: 'scaled down' | 'out of date';
  /** How many tasks of the current version to launch now. */
  readonly launch: number;
}

type Wanted = Pick<AppConfiguration, 'instances' | 'upgradeStrategy' | 'killSelection'>;

/**
 * What to launch and what to kill so that `instances` tasks of the current version run. Old tasks stay until enough new ones are healthy
 * (upgradeStrategy, docs/deployments.md): with the defaults new ones start first, with minimumHealthCapacity 0 old ones end first.
 * A task being killed still counts as one until it is terminal, so nothing is launched beside it too early.
 */
export function planRollout(app: Wanted, tasks: readonly Task[], isCurrent: (task: Task) => boolean): RolloutPlan {
  const current = tasks.filter(isCurrent);
  const old = tasks.filter((task) => !isCurrent(task));
  return old.length === 0 ? scale(app, current) : replace(app, current, old);
}

function scale(app: Wanted, current: readonly Task[]): RolloutPlan {
  const kept = current.filter(({ kill }) => !kill);
  return {
    kill: killOrder(kept, app.killSelection).slice(0, Math.max(0, kept.length - app.instances)),
    reason: 'scaled down',
    launch: Math.max(0, app.instances - current.length),
  };
}

function replace(app: Wanted, current: readonly Task[], old: readonly Task[]): RolloutPlan {
  const { minimumHealthCapacity, maximumOverCapacity } = app.upgradeStrategy;
  const leastHealthy = Math.ceil(app.instances * minimumHealthCapacity);
  // With no room above the least number nothing could ever move: Marathon then allows one more.
  const most = Math.max(Math.floor(app.instances * (1 + maximumOverCapacity)), leastHealthy + (leastHealthy === app.instances ? 1 : 0));
  const keptOld = old.filter(({ kill }) => !kill);
  const serving = keptOld.filter(isRunning);
  const ready = current.filter((task) => !task.kill && isHealthy(task)).length;
  const dispensable = ready >= app.instances ? serving.length : Math.max(0, serving.length + ready - leastHealthy);
  return {
    kill: [...keptOld.filter((task) => !isRunning(task)), ...killOrder(serving, app.killSelection).slice(0, dispensable)],
    reason: 'out of date',
    launch: Math.max(0, Math.min(app.instances - current.length, most - current.length - old.length)),
  };
}

/** Those that don't run yet first, then by age. */
function killOrder(tasks: readonly Task[], selection: AppConfiguration['killSelection']): Task[] {
  const sign = selection === 'YOUNGEST_FIRST' ? -1 : 1;
  return [...tasks].sort((a, b) => Number(isRunning(a)) - Number(isRunning(b)) || sign * (a.stagedAt - b.stagedAt));
}
