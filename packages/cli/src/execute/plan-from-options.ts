import { codecOf, MessageError, type CommandInfo, type Resource } from '@streams-on-mesos/mesos';
import { readFileSync } from 'node:fs';
import { groupExecutor, type ExecutionPlan, type PlannedTask } from '../domain/execute/execution-plan.js';
import { parseResources } from '../domain/execute/resources-text.js';
import { UsageError } from '../failure.js';

export interface PlanOptions {
  readonly name?: string;
  readonly command?: string;
  readonly shell: boolean;
  readonly env?: string;
  readonly resources: string;
  readonly task?: string;
  readonly taskGroup?: string;
  readonly role: string;
  readonly killAfter?: number;
  readonly timeout?: number;
}

/** The JSON that an option holds, or the file that it names. @throws UsageError naming the option */
const readJson = (option: string, value: string): unknown => {
  const path = value.startsWith('file://') ? value.slice('file://'.length) : value.startsWith('/') ? value : undefined;
  let text = value;
  try {
    if (path !== undefined) text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${option}: ${path ?? ''} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsageError(`${option}: not JSON, nor the path of a file: ${(cause as Error).message}`, { cause });
  }
};

const readEnvironment = (value: string | undefined): CommandInfo['environment'] => {
  if (value === undefined) return undefined;
  const json = readJson('--env', value);
  const entries = typeof json === 'object' && json !== null && !Array.isArray(json) ? Object.entries(json) : undefined;
  if (entries === undefined || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw new UsageError('--env: give an object of texts, such as {"NAME": "value"}');
  return { variables: entries.map(([name, text]) => ({ name, value: text })) };
};

const readResources = (text: string): Resource[] => {
  try {
    return parseResources(text);
  } catch (cause) {
    throw new UsageError(`--resources ${text}: ${(cause as Error).message}`, { cause });
  }
};

/** Of the command's own options. */
const commandTask = (options: PlanOptions, args: readonly string[]): PlannedTask => {
  const { name, command, shell } = options;
  if (name === undefined) throw new UsageError('--name is missing: what the task is to be called');
  if (command === undefined) throw new UsageError('--command is missing: what is to be run');
  if (shell && args.length > 0)
    throw new UsageError(`'${args.join(' ')}': arguments are for --no-shell; a shell command is one text, --command '…'`);
  const environment = readEnvironment(options.env);
  const run = shell ? { shell: true, value: command } : { shell: false, value: command, arguments: [command, ...args] };
  return {
    name,
    task_id: { value: name },
    resources: readResources(options.resources),
    command: { ...run, ...(environment && { environment }) },
  };
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tasks that the user wrote as JSON; every field is held against Mesos's own description of a TaskInfo. */
const checkTasks = (option: string, tasks: readonly unknown[]): PlannedTask[] => {
  const infos = tasks.map((task) => (isObject(task) ? { ...task, agent_id: { value: '' } } : task));
  const operations = [{ type: 'LAUNCH', launch: { task_infos: infos } }] as never;
  try {
    codecOf('json').encodeCall({ type: 'ACCEPT', accept: { offer_ids: [], operations } });
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    throw new UsageError(`${option}: ${error.message.replace('call.accept.operations[0].launch.', '')}`, { cause: error });
  }
  return tasks as PlannedTask[];
};

const groupTasks = (value: string): PlannedTask[] => {
  const json = readJson('--task-group', value);
  const tasks: unknown = isObject(json) ? json['tasks'] : undefined;
  if (!Array.isArray(tasks) || tasks.length === 0) throw new UsageError('--task-group: give {"tasks": […]} with one TaskInfo at least');
  const checked = checkTasks('--task-group', tasks);
  const ids = checked.map(({ task_id }) => task_id.value);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`--task-group: two tasks have the id '${twice}'; give each its own`);
  return checked;
};

const plannedTasks = (options: PlanOptions, args: readonly string[]): Pick<ExecutionPlan, 'tasks' | 'executor'> => {
  const { task, taskGroup, name, command, env } = options;
  if (task === undefined && taskGroup === undefined) return { tasks: [commandTask(options, args)], executor: undefined };
  if (task !== undefined && taskGroup !== undefined) throw new UsageError('--task and --task-group: give one of them');
  if (name !== undefined || command !== undefined || env !== undefined || args.length > 0)
    throw new UsageError('--name, --command, --env and arguments have no place beside --task or --task-group, which say all of that');
  if (task !== undefined) return { tasks: checkTasks('--task', [readJson('--task', task)]), executor: undefined };
  return { tasks: groupTasks(taskGroup ?? ''), executor: groupExecutor };
};

/** @throws UsageError naming the option that is wrong, and what is accepted */
export const planFromOptions = (options: PlanOptions, args: readonly string[]): ExecutionPlan => ({
  ...plannedTasks(options, args),
  role: options.role,
  killAfterMs: options.killAfter,
  timeoutMs: options.timeout,
});
