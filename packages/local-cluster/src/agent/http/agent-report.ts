// What an agent's endpoints show of it.
import type { FrameworkInfo } from '../../generated/protocol.js';
import type { AgentInfo } from '../../network/messages.js';
import type { Resources } from '../../resources/resources.js';
import type { RunningExecutor, RunningTask } from '../books.js';

export interface ShownExecutor {
  readonly executor: RunningExecutor;
  readonly completedTasks: readonly RunningTask[];
}

export interface ShownFramework {
  readonly info: FrameworkInfo;
  readonly executors: readonly ShownExecutor[];
  readonly completedExecutors: readonly ShownExecutor[];
}

/** What the agent's own books say. */
export interface ShownAgent {
  /** undefined: it has not registered yet. */
  readonly id: string | undefined;
  /** With the reservations that were made on it. */
  readonly total: Resources;
  readonly drain: { readonly maxGracePeriodMs: number | undefined; readonly markGone: boolean } | undefined;
  readonly frameworks: readonly ShownFramework[];
  readonly completedFrameworks: readonly ShownFramework[];
  /** By their last state, since it started. */
  readonly endedTasks: ReadonlyMap<string, number>;
}

export interface AgentReport extends ShownAgent {
  readonly pid: string;
  readonly info: AgentInfo;
  /** epoch ms */
  readonly startedAt: number;
  readonly workDir: string;
  /** The leader's PID, as far as it is known. */
  readonly master: string | undefined;
  readonly isRegistered: boolean;
}
