// What an agent shows of what is over: lost with its process (slave.hpp: completedFrameworks, completedExecutors, completedTasks).
import type { FrameworkInfo } from '../generated/protocol.js';
import type { RunningExecutor, RunningFramework, RunningTask } from './books.js';
import type { ShownExecutor, ShownFramework } from './http/agent-report.js';

/** slave/constants.hpp: MAX_COMPLETED_FRAMEWORKS, DEFAULT_MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK, MAX_COMPLETED_TASKS_PER_EXECUTOR */
const MOST_FRAMEWORKS = 50;
const MOST_EXECUTORS = 150;
const MOST_TASKS = 200;

const keep = <T>(list: T[], one: T, most: number): void => {
  list.push(one);
  if (list.length > most) list.shift();
};

export class AgentHistory {
  /** Of executors that run or ran. */
  private readonly tasks = new WeakMap<RunningExecutor, RunningTask[]>();
  private readonly executors = new Map<string, RunningExecutor[]>();
  private readonly frameworks = new Map<string, FrameworkInfo>();
  readonly endedTasks = new Map<string, number>();

  /** Its end is acknowledged, or nobody wants to know of it. */
  taskCompleted(executor: RunningExecutor, taskId: string): void {
    const task = executor.tasks.get(taskId);
    if (task === undefined) return;
    const known = this.tasks.get(executor) ?? [];
    this.tasks.set(executor, known);
    keep(known, task, MOST_TASKS);
    this.endedTasks.set(task.state, (this.endedTasks.get(task.state) ?? 0) + 1);
  }

  executorCompleted(executor: RunningExecutor): void {
    const known = this.executors.get(executor.framework.id) ?? [];
    this.executors.set(executor.framework.id, known);
    keep(known, executor, MOST_EXECUTORS);
  }

  frameworkCompleted({ id, info }: RunningFramework): void {
    this.frameworks.delete(id);
    this.frameworks.set(id, info);
    const [oldest] = this.frameworks.keys();
    if (oldest === undefined || this.frameworks.size <= MOST_FRAMEWORKS) return;
    this.frameworks.delete(oldest);
    this.executors.delete(oldest);
  }

  private shown = (executor: RunningExecutor): ShownExecutor => ({ executor, completedTasks: this.tasks.get(executor) ?? [] });

  ofRunning({ id, info, executors }: RunningFramework): ShownFramework {
    return {
      info,
      executors: [...executors.values()].map(this.shown),
      completedExecutors: (this.executors.get(id) ?? []).map(this.shown),
    };
  }

  /** `isRunning`: it has something on the books again. */
  completed(isRunning: (frameworkId: string) => boolean): ShownFramework[] {
    return [...this.frameworks]
      .filter(([id]) => !isRunning(id))
      .map(([id, info]) => ({ info, executors: [], completedExecutors: (this.executors.get(id) ?? []).map(this.shown) }));
  }
}
