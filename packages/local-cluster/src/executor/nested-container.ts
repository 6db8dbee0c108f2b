// The container of a task within its group's executor (containerizer.cpp, launch of a nested container; default_executor.cpp,
// Container).
import { randomUUID } from 'node:crypto';
import type { CommandInfo, ContainerStatus, TaskInfo } from '../generated/protocol.js';
import type { TaskChecks } from './checks/task-checks.js';
import type { CheckRuntime } from './checks/check-command.js';
import { startCommand, type CommandProcess } from './command-process.js';
import { fetchFor } from './container.js';
import { nestedContainerError } from './container-support.js';
import type { ExecutorContext, ExecutorStatus } from './executor.js';
import type { Exit } from './exit-message.js';
import { createNestedSandbox, linkTaskSandbox } from './sandbox.js';
import { environmentVariables, nestedEnvironment } from './task-environment.js';
import { findUser, type UserIds } from './users.js';

/** The executor's. */
export interface ParentContainer {
  readonly containerId: string;
  readonly sandbox: string;
  /** Whose its tasks are that name nobody. */
  readonly user: string;
  readonly role: string;
}

/** What agents say of a process that was killed before it could start. */
const KILLED: Exit = { code: null, signal: 'SIGKILL' };

export class NestedContainer {
  readonly id = randomUUID();
  checks: TaskChecks | undefined;
  lastStatus: ExecutorStatus | undefined;
  /** Its executor knows that its command was started. */
  launched = false;
  hasEnded = false;
  killing = false;
  killingTaskGroup = false;
  killedByCompletionTimeout = false;
  maxCompletionTimer: NodeJS.Timeout | undefined;
  /** How its process ended; with `launchError` there never was one. */
  exit: Exit | undefined;
  /** Why there is no such container. */
  launchError: string | undefined;
  private process: CommandProcess | undefined;
  private directory: { readonly sandbox: string; readonly user: UserIds | undefined } | undefined;
  private environment: Readonly<Record<string, string>> = {};

  constructor(
    private readonly context: ExecutorContext,
    private readonly parent: ParentContainer,
    readonly task: TaskInfo,
    readonly group: readonly TaskInfo[],
  ) {}

  /** Returns when its command runs, or can't. */
  async launch(signal: AbortSignal): Promise<void> {
    try {
      const prepared = await this.prepare(signal);
      if (prepared === undefined) return;
      this.process = await startCommand({ ...prepared, command: this.task.command ?? {}, reaper: this.context.reaper });
      if (signal.aborted) this.process.signal('SIGKILL');
    } catch (error) {
      this.launchError = error instanceof Error ? error.message : String(error);
    }
  }

  get isStarted(): boolean {
    return this.process !== undefined;
  }

  /** Settles when no process of it is left. */
  async ended(): Promise<void> {
    if (this.process !== undefined) this.exit = await this.process.exited;
    this.hasEnded = true;
  }

  /** To its first process, as KILL_NESTED_CONTAINER does. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.process?.signalLeader(signal);
  }

  /** For good. */
  stopChecks(): void {
    this.checks?.pause();
    this.checks = undefined;
  }

  destroy(): void {
    clearTimeout(this.maxCompletionTimer);
    this.stopChecks();
    this.process?.signal('SIGKILL');
  }

  /** What the agent adds to its statuses: nothing but the id when the container is no more. */
  status(isThere: boolean): ContainerStatus {
    return {
      container_id: { value: this.id, parent: { value: this.parent.containerId } },
      ...(isThere ? { network_infos: [{ ip_addresses: [{ ip_address: this.context.ip }] }] } : {}),
      ...(isThere && this.process?.pid !== undefined ? { executor_pid: this.process.pid } : {}),
    };
  }

  /** Checks run in a container nested in this one, and have its directory and environment. */
  get checkRuntime(): CheckRuntime {
    return {
      ignoresKilled: true,
      startCommand: (command: CommandInfo) =>
        startCommand({
          command,
          sandbox: this.directory?.sandbox ?? this.parent.sandbox,
          environment: { ...this.environment, ...environmentVariables(command) },
          user: this.directory?.user,
          reaper: this.context.reaper,
          output: 'none',
        }),
    };
  }

  private async prepare(signal: AbortSignal) {
    const { container, command = {}, task_id } = this.task;
    this.launchError = container && nestedContainerError(container);
    if (this.launchError !== undefined) return undefined;
    const userName = command.user ?? this.parent.user;
    const user = await findUser(userName);
    const sandbox = await createNestedSandbox(this.parent.sandbox, this.id, user);
    this.directory = { sandbox, user };
    this.environment = nestedEnvironment(sandbox, this.context.ip, this.parent.role, command);
    const { fetcher } = this.context;
    const failure = await fetchFor({ sandbox, user, userName, containerId: this.id, command, fetcher, signal });
    if (failure !== undefined) {
      // The process that waited for its command is killed with the container.
      this.exit = KILLED;
      return undefined;
    }
    await linkTaskSandbox(this.parent.sandbox, this.id, task_id.value);
    return { sandbox, user, environment: this.environment };
  }
}
