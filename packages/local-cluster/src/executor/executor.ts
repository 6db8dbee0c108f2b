// What an agent and an executor have of each other. An executor outlives its agent's process: what it has to say while there is
// none waits, and goes to the next one that connects (docs/agent-recovery.md).
import type { ExecutorInfo, FrameworkInfo, KillPolicy, TaskInfo, TaskStatus } from '../generated/protocol.js';
import type { Fetcher } from './fetcher/fetcher.js';
import type { OrphanReaper } from './orphan-reaper.js';

/** A status without what the agent adds: agent, time and uuid. */
export type ExecutorStatus = Pick<TaskStatus, 'task_id' | 'state'> &
  Partial<Pick<TaskStatus, 'message' | 'reason' | 'source' | 'executor_id' | 'container_status' | 'healthy' | 'check_status'>>;

/** The agent's side of the connection. */
export interface ExecutorListener {
  /** Of one of its tasks, in order; those with SOURCE_AGENT are what the agent itself has to say of the container. */
  status(status: ExecutorStatus): void;
  message(data: string): void;
  /** The executor and everything it ran are gone; the raw word of waitpid. Told once, after its last status. */
  exited(waitStatus: number): void;
}

export interface Executor {
  readonly frameworkId: string;
  /** A command task's own executor has the task's id. */
  readonly executorId: string;
  readonly containerId: string;
  /** undefined: the agent's process is gone. */
  connect(listener: ExecutorListener | undefined): void;
  /** A further group of tasks; the first tasks were given at its start. */
  launch(tasks: readonly TaskInfo[]): void;
  kill(taskId: string, policy: KillPolicy | undefined): void;
  message(data: string): void;
  /** Ends its tasks in order, then itself. It tells of that: whom that does not concern any more has to look away. */
  shutdown(): void;
  /** SIGKILL to everything, as when the container is destroyed; nothing is told of the tasks. */
  destroy(): void;
  /** Settles when no process is left. */
  readonly finished: Promise<void>;
}

/** src/slave/constants.hpp */
export const defaultExecutorTimeouts = { registrationTimeoutMs: 60_000, recoveryTimeoutMs: 15 * 60_000, shutdownGraceMs: 5_000 };

/** What executors have of the agent that starts them, and keep when it is gone. */
export interface ExecutorContext {
  readonly agentId: string;
  readonly ip: string;
  readonly port: number;
  readonly workDir: string;
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly reaper: OrphanReaper;
  /** With the cache of the agent's process. */
  readonly fetcher: Fetcher;
  /** --executor_registration_timeout: how long a container may take to launch, its URIs included. */
  readonly registrationTimeoutMs: number;
  /** --recovery_timeout: how long an executor waits for its agent to come back. */
  readonly recoveryTimeoutMs: number;
  /** --executor_shutdown_grace_period: how long an executor has to end, unless its framework says otherwise. */
  readonly shutdownGraceMs: number;
  /** The fault "commands die": how soon after its start, or undefined. */
  readonly diesAfterMs: () => number | undefined;
}

export interface ExecutorStart {
  readonly framework: FrameworkInfo;
  /** undefined: a command task, whose executor has its id. */
  readonly executor: ExecutorInfo | undefined;
  /** What it runs first: one task, or a group. */
  readonly tasks: readonly TaskInfo[];
  /** The role that its resources are allocated to. */
  readonly role: string;
}
