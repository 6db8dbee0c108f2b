// What a master and an agent say to each other: the part of src/messages/messages.proto that is needed here, under its names.
import type {
  Attribute,
  DomainInfo,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  Offer,
  OperationStatus,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../generated/protocol.js';
import type { Resources } from '../resources/resources.js';

/** What an agent says of itself (SlaveInfo). */
export interface AgentInfo {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  /** As it was started with, static reservations included; RESERVE and UNRESERVE change the master's total, not this. */
  readonly resources: Resources;
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo | undefined;
}

/** The address of an agent's process, as `/state` shows it. */
export const agentPid = ({ ip, port }: Pick<AgentInfo, 'ip' | 'port'>): string => `slave(1)@${ip}:${port}`;

/** A task's newest status on its way up (StatusUpdate). `latestState` may be ahead of the status. */
export interface StatusUpdate {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string | undefined;
  readonly status: TaskStatus;
  readonly latestState: TaskState;
}

/** What an agent tells of a task when it registers again. */
export interface ReportedTask {
  readonly framework: FrameworkInfo;
  readonly info: TaskInfo;
  readonly role: string;
  readonly state: TaskState;
  readonly lastStatus: TaskStatus | undefined;
  /** Of the update that was sent last, which may be behind `state`. */
  readonly statusUpdateState: TaskState | undefined;
  readonly statusUpdateUuid: string | undefined;
  /** The executor of a task group; absent: the task's own command executor. */
  readonly executorId?: string | undefined;
}

export interface ReportedExecutor {
  readonly frameworkId: string;
  readonly executor: ExecutorInfo;
  readonly role: string;
}

/** An operation other than a launch, applied on an agent (Operation). */
export interface ReportedOperation {
  readonly uuid: string;
  readonly frameworkId: string | undefined;
  readonly info: Offer.Operation;
  readonly latestStatus: OperationStatus;
}

export interface TasksOfFramework {
  readonly framework: FrameworkInfo;
  readonly taskIds: readonly string[];
}

export type ToAgent =
  /** `pingTimeoutMs`: an agent that gets no ping for so long has lost its master. */
  | { readonly type: 'registered'; readonly agentId: string; readonly pingTimeoutMs: number }
  /** `reconciliations`: tasks that the master has and the agent didn't name; it says what became of those that it doesn't know. */
  | {
      readonly type: 'reregistered';
      readonly agentId: string;
      readonly pingTimeoutMs: number;
      readonly reconciliations: readonly TasksOfFramework[];
    }
  /** `connected` false: the master has marked the agent disconnected, which must register again. */
  | { readonly type: 'ping'; readonly connected: boolean }
  | { readonly type: 'run-task'; readonly framework: FrameworkInfo; readonly task: TaskInfo; readonly role: string }
  | {
      readonly type: 'run-task-group';
      readonly framework: FrameworkInfo;
      readonly executor: ExecutorInfo;
      readonly tasks: readonly TaskInfo[];
      readonly role: string;
    }
  | { readonly type: 'kill-task'; readonly frameworkId: string; readonly taskId: string; readonly killPolicy: KillPolicy | undefined }
  | { readonly type: 'acknowledge'; readonly frameworkId: string; readonly taskId: string; readonly uuid: string }
  | { readonly type: 'shutdown-framework'; readonly frameworkId: string }
  | { readonly type: 'shutdown-executor'; readonly frameworkId: string; readonly executorId: string }
  | { readonly type: 'framework-message'; readonly frameworkId: string; readonly executorId: string; readonly data: string }
  | { readonly type: 'update-framework'; readonly framework: FrameworkInfo }
  /** RESERVE or UNRESERVE: the agent checkpoints what it has now. */
  | { readonly type: 'apply-operation'; readonly frameworkId: string | undefined; readonly info: Offer.Operation; readonly uuid: string }
  | { readonly type: 'acknowledge-operation-status'; readonly operationUuid: string; readonly statusUuid: string }
  /** Kills all its tasks; none is given longer than that (DrainSlaveMessage). */
  | { readonly type: 'drain'; readonly maxGracePeriodMs: number | undefined; readonly markGone: boolean }
  /** The agent was removed: it ends itself with all that it runs (ShutdownMessage). */
  | { readonly type: 'shutdown'; readonly message: string };

export type ToMaster =
  | { readonly type: 'register'; readonly agent: AgentInfo; readonly total: Resources }
  | {
      readonly type: 'reregister';
      readonly agentId: string;
      readonly agent: AgentInfo;
      /** With the reservations that were made on it. */
      readonly total: Resources;
      /** All that have a task, executor or operation on it. */
      readonly frameworks: readonly FrameworkInfo[];
      readonly tasks: readonly ReportedTask[];
      readonly executors: readonly ReportedExecutor[];
      readonly operations: readonly ReportedOperation[];
    }
  | { readonly type: 'unregister'; readonly agentId: string }
  | { readonly type: 'pong'; readonly agentId: string }
  | { readonly type: 'status-update'; readonly update: StatusUpdate }
  | {
      readonly type: 'exited-executor';
      readonly agentId: string;
      readonly frameworkId: string;
      readonly executorId: string;
      /** The raw word of waitpid. */
      readonly status: number;
    }
  | {
      readonly type: 'executor-message';
      readonly agentId: string;
      readonly frameworkId: string;
      readonly executorId: string;
      readonly data: string;
    }
  | {
      readonly type: 'operation-status';
      readonly agentId: string;
      readonly frameworkId: string | undefined;
      readonly operationUuid: string;
      readonly status: OperationStatus;
    };

export type Message = ToAgent | ToMaster;
