// What an agent and an executor have of each other. An executor outlives its agent's process: what it has to say while there is
// none waits, and goes to the next one that connects (docs/agent-recovery.md).
import type { KillPolicy, TaskInfo, TaskStatus } from '../generated/protocol.js';

/** A status without what the agent adds: agent, time and uuid. */
export type ExecutorStatus = Pick<TaskStatus, 'task_id' | 'state'> &
  Partial<Pick<TaskStatus, 'message' | 'reason' | 'source' | 'executor_id' | 'container_status' | 'healthy' | 'check_status'>>;

/** The agent's side of the connection. */
export interface ExecutorListener {
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
  /** Tasks that belong together: one for a command executor, a group for the default executor. */
  launch(tasks: readonly TaskInfo[]): void;
  kill(taskId: string, policy: KillPolicy | undefined): void;
  message(data: string): void;
  /** Ends its tasks in order, then itself; nobody is told of the tasks any more. */
  shutdown(): void;
  /** SIGKILL to everything, as when the container is destroyed. */
  destroy(): void;
  /** Settles when no process is left. */
  readonly finished: Promise<void>;
}
