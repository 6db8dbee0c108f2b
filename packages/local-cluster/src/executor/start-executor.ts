import { CommandExecutor } from './command-executor.js';
import type { Executor, ExecutorContext, ExecutorStart } from './executor.js';

/** Starts an executor with its first tasks. It has nobody to talk to until it is connected. */
export function startExecutor(context: ExecutorContext, { framework, tasks, role }: ExecutorStart): Executor {
  const [task] = tasks;
  if (task === undefined) throw new Error('an executor is started with a task');
  return new CommandExecutor(context, framework, task, role);
}
