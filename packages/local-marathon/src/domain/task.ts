import type { TaskState } from '@streams-on-mesos/mesos';
import type { AppHealthCheck } from './app-definition.js';
import type { Health } from './health.js';

/** Why a task has to end. */
export type KillReason = 'scaled down' | 'app removed' | 'out of date' | 'asked by a user' | 'failed its health checks' | 'staged too long';

export interface Kill {
  readonly reason: KillReason;
  /** ms; 0: not sent yet on this subscription. */
  readonly sentAt: number;
}

/** A task from the decision to launch it until it is terminal. Times in ms since the epoch. */
export interface Task {
  readonly id: string;
  readonly appId: string;
  /** Of the app when the task was launched. */
  readonly version: string;
  readonly agentId: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly servicePorts: readonly number[];
  /** Of that version: checks belong to the definition a task was launched with. */
  readonly healthChecks: readonly AppHealthCheck[];
  state: TaskState;
  readonly stagedAt: number;
  startedAt?: number | undefined;
  ipAddresses: readonly string[];
  kill?: Kill | undefined;
  /** Mesos said TASK_UNKNOWN since then. */
  unknownSince?: number | undefined;
  /** One entry a check, in order. Not durable. */
  health: Health[];
}

const ends: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export const isTerminal = (state: TaskState): boolean => ends.has(state);

export const isRunning = (task: Task): boolean => task.state === 'TASK_RUNNING';

export const isHealthy = (task: Task): boolean => isRunning(task) && task.health.every(({ alive }) => alive);

/** Some check has spoken, and not well. */
export const isUnhealthy = (task: Task): boolean => isRunning(task) && task.health.some(({ alive, checked }) => checked && !alive);
