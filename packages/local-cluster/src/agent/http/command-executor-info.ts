// The executor that an agent makes for a command task (src/slave/slave.cpp, getExecutorInfo).
import type { CommandInfo, ExecutorInfo, TaskInfo } from '../../generated/protocol.js';
import type { RunningExecutor } from '../books.js';

const shortened = (text: string, end: string): string => (text.length > 15 ? `${text.slice(0, 12)}...${end}` : `${text}${end}`);

const commandText = ({ shell = true, value, arguments: argv = [] }: CommandInfo): string => {
  if (value === undefined) return shell ? 'NO COMMAND' : 'NO EXECUTABLE';
  return shell ? `sh -c '${shortened(value, `'`)}` : `[${shortened(`${value}, ${argv.join(', ')}`, ']')}`;
};

const nameOf = ({ task_id, command = {} }: TaskInfo): string =>
  `Command Executor (Task: ${task_id.value}) (Command: ${commandText(command)})`;

/** Its own, or, of a command task's executor, what can be said of it by its task. */
export const executorInfoOf = (
  { id, info, framework, tasks }: RunningExecutor,
  completed: readonly { readonly info: TaskInfo }[],
): ExecutorInfo => {
  const task = [...tasks.values(), ...completed][0]?.info;
  if (info !== undefined) return { ...info, framework_id: { value: framework.id } };
  return {
    executor_id: { value: id },
    framework_id: { value: framework.id },
    ...(task === undefined ? {} : { name: nameOf(task) }),
    source: id,
    ...(task?.labels === undefined ? {} : { labels: task.labels }),
    ...(task?.discovery === undefined ? {} : { discovery: task.discovery }),
  };
};
