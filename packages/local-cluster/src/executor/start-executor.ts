import { CommandExecutor } from './command-executor.js';
import { DefaultExecutor } from './default-executor.js';
import type { Executor, ExecutorContext, ExecutorStart } from './executor.js';

/** Starts an executor with its first tasks. It has nobody to talk to until it is connected. */
export function startExecutor(context: ExecutorContext, { framework, executor, tasks, role }: ExecutorStart): Executor {
  if (executor !== undefined) return new DefaultExecutor(context, framework, executor, role, tasks);
  const [task] = tasks;
  if (task === undefined) throw new Error('a command executor is started with a task');
  return new CommandExecutor(context, framework, task, role);
}
