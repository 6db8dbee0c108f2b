// What an agent has on its books: frameworks with executors with tasks (slave.hpp: Framework, Executor, Task).
import type { ExecutorInfo, FrameworkInfo, TaskInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import type { Executor } from '../executor/executor.js';
import type { ReportedExecutor, ReportedTask } from '../network/messages.js';

export interface RunningTask {
  readonly info: TaskInfo;
  readonly role: string;
  /** The newest, which may be ahead of what was sent. */
  state: TaskState;
  lastStatus: TaskStatus | undefined;
  /** The update that was sent last. */
  sent: TaskStatus | undefined;
}

export interface RunningExecutor {
  readonly id: string;
  readonly containerId: string;
  /** undefined: made for a command task. */
  readonly info: ExecutorInfo | undefined;
  readonly role: string;
  readonly framework: RunningFramework;
  /** undefined: it is gone; some update of its tasks is not acknowledged yet. */
  executor: Executor | undefined;
  /** Those whose end is acknowledged are not among them. */
  readonly tasks: Map<string, RunningTask>;
}

export interface RunningFramework {
  readonly id: string;
  info: FrameworkInfo;
  readonly executors: Map<string, RunningExecutor>;
}

export class Books {
  private readonly frameworks = new Map<string, RunningFramework>();

  get isEmpty(): boolean {
    return this.frameworks.size === 0;
  }

  all(): RunningFramework[] {
    return [...this.frameworks.values()];
  }

  infos(): FrameworkInfo[] {
    return [...this.frameworks.values()].map(({ info }) => info);
  }

  framework(frameworkId: string): RunningFramework | undefined {
    return this.frameworks.get(frameworkId);
  }

  addFramework(info: FrameworkInfo): RunningFramework {
    const framework: RunningFramework = { id: info.id?.value ?? '', info, executors: new Map() };
    this.frameworks.set(framework.id, framework);
    return framework;
  }

  removeFramework(framework: RunningFramework): void {
    this.frameworks.delete(framework.id);
  }

  executor(frameworkId: string, executorId: string): RunningExecutor | undefined {
    return this.frameworks.get(frameworkId)?.executors.get(executorId);
  }

  *executors(): Generator<RunningExecutor> {
    for (const { executors } of this.frameworks.values()) yield* executors.values();
  }

  executorOf(frameworkId: string, taskId: string): RunningExecutor | undefined {
    const executors = this.frameworks.get(frameworkId)?.executors;
    // A command task's executor has the task's id.
    const own = executors?.get(taskId);
    if (own?.tasks.has(taskId) === true) return own;
    for (const executor of executors?.values() ?? []) if (executor.tasks.has(taskId)) return executor;
    return undefined;
  }

  task(frameworkId: string, taskId: string): RunningTask | undefined {
    return this.executorOf(frameworkId, taskId)?.tasks.get(taskId);
  }

  reportedTasks(): ReportedTask[] {
    return [...this.executors()].flatMap(({ framework, tasks, id, info: executor }) =>
      [...tasks.values()].map(({ info, role, state, lastStatus, sent }) => ({
        framework: framework.info,
        info,
        role,
        state,
        lastStatus,
        statusUpdateState: sent?.state,
        statusUpdateUuid: sent?.uuid,
        executorId: executor === undefined ? undefined : id,
      })),
    );
  }

  /** Those made for command tasks are not told of. */
  reportedExecutors(): ReportedExecutor[] {
    return [...this.executors()].flatMap(({ framework, info, executor, role }) =>
      info === undefined || executor === undefined ? [] : [{ frameworkId: framework.id, executor: info, role }],
    );
  }
}
