import type { AppDefinition } from './app-definition.js';
import type { LaunchDelay } from './backoff.js';
import type { Deployment } from './deployment.js';
import type { Task } from './task.js';

export interface TaskFailure {
  readonly appId: string;
  readonly taskId: string;
  readonly host: string;
  readonly agentId: string;
  readonly state: string;
  readonly message: string;
  readonly timestamp: string;
  readonly version: string;
}

/** Why the offers since the app began to wait were not used, for /v2/queue. */
export interface WaitingLaunch {
  readonly since: number;
  processedOffers: number;
  readonly rejections: Map<string, number>;
}

/**
 * All that this Marathon knows. Owned and changed in place by `step` alone; `revision` grows with each change that must be durable
 * before an effect of the same step leaves.
 */
export interface State {
  revision: number;
  frameworkId: string | undefined;
  /** Makes the ids of this state's tasks and deployments differ from those of any other. */
  readonly seed: string;
  idsGiven: number;
  lastVersion: number;
  readonly apps: Map<string, AppDefinition>;
  readonly tasks: Map<string, Task>;
  readonly failures: Map<string, TaskFailure>;
  deployments: Deployment[];

  // From here on: not durable.
  connected: boolean;
  suppressed: boolean;
  /** The last REVIVE or OFFERS event while offers are wanted. */
  offersAwaitedSince: number;
  readonly delays: Map<string, LaunchDelay>;
  readonly waiting: Map<string, WaitingLaunch>;
  /** Task ids that have not answered the reconciliation under way. */
  readonly unreconciled: Set<string>;
  reconcileAt: number;
  reconcileRound: number;
}

/** @param seed a UUID that no other state ever had. */
export const emptyState = (seed: string): State => ({
  revision: 0,
  frameworkId: undefined,
  seed,
  idsGiven: 0,
  lastVersion: 0,
  apps: new Map(),
  tasks: new Map(),
  failures: new Map(),
  deployments: [],
  connected: false,
  suppressed: true,
  offersAwaitedSince: 0,
  delays: new Map(),
  waiting: new Map(),
  unreconciled: new Set(),
  reconcileAt: Infinity,
  reconcileRound: 0,
});

/** A UUID in form: the seed's first part, then a count. */
export function nextUuid(state: State): string {
  state.idsGiven += 1;
  state.revision += 1;
  return state.seed.slice(0, 24) + state.idsGiven.toString(16).padStart(12, '0');
}

/** The present as a version: ISO time, later than every version before. */
export function nextVersion(state: State, now: number): string {
  state.lastVersion = Math.max(now, state.lastVersion + 1);
  state.revision += 1;
  return new Date(state.lastVersion).toISOString();
}

export const tasksOf = (state: State, appId: string): Task[] => [...state.tasks.values()].filter((task) => task.appId === appId);

/** Versions are ISO times, so they compare as text. */
export const isUpToDate = (app: AppDefinition, task: Task): boolean => task.version >= app.lastConfigChangeAt;
