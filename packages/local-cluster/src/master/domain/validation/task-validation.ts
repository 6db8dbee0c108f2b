// What the master checks of a task to launch, in Mesos's order and words (src/master/validation.cpp, namespace task).
import type { TaskInfo } from '../../../generated/protocol.js';
import { idError } from './identifiers.js';
import { contains, formatResources, fromWire, scalarMilli, type Resources } from '../../../resources/resources.js';

export interface TaskContext {
  readonly agentId: string;
  readonly role: string;
  /** What is left of the accepted offers. */
  readonly available: Resources;
  readonly isKnown: (taskId: string) => boolean;
  readonly isUnreachable: (taskId: string) => boolean;
}

const identityError = (task: TaskInfo, context: TaskContext): string | undefined => {
  const id = task.task_id.value;
  const error = idError(id);
  if (error !== undefined) return error;
  if (context.isKnown(id)) return `Task has duplicate ID: ${id}`;
  if (context.isUnreachable(id)) return `Task reuses the ID of an unreachable task: ${id}`;
  if (task.agent_id.value !== context.agentId)
    return `Task uses invalid agent ${task.agent_id.value} while agent ${context.agentId} is expected`;
  return undefined;
};

const durationsError = (task: TaskInfo): string | undefined => {
  if ((task.kill_policy?.grace_period?.nanoseconds ?? 0) < 0) return `Task's 'kill_policy.grace_period' must be non-negative`;
  if ((task.max_completion_time?.nanoseconds ?? 0) < 0) return `Task's \`max_completion_time\` must be non-negative`;
  return undefined;
};

const taskResourcesError = (task: TaskInfo): string | undefined => {
  const resources = task.resources ?? [];
  if (resources.length === 0) return 'Task uses no resources';
  const roles = new Set(resources.map((resource) => resource.allocation_info?.role).filter((role) => role !== undefined));
  if (roles.size > 1) return `Invalid task resources: The resources have multiple allocation roles ('${[...roles].join(`' and '`)}')`;
  return undefined;
};

const environmentError = (task: TaskInfo): string | undefined => {
  for (const { name, type = 'VALUE', value, secret } of task.command?.environment?.variables ?? []) {
    const because = (problem: string): string => `Task's \`CommandInfo\` is invalid: Environment variable '${name}' ${problem}`;
    if (type === 'VALUE' && value === undefined) return because(`of type 'VALUE' must have a value set`);
    if (type === 'VALUE' && secret !== undefined) return because(`of type 'VALUE' must not have a secret set`);
    if (type === 'SECRET' && secret === undefined) return because(`of type 'SECRET' must have a secret set`);
    if (type === 'SECRET' && value !== undefined) return because(`of type 'SECRET' must not have a value set`);
    if (type === 'UNKNOWN') return `Task's \`CommandInfo\` is invalid: Environment variable of type 'UNKNOWN' is not allowed`;
  }
  return undefined;
};

const limitsError = (task: TaskInfo): string | undefined => {
  const limits = task.limits ?? {};
  if (Object.keys(limits).some((name) => name !== 'cpus' && name !== 'mem'))
    return `Only cpus and mem may be included in a task's resource limits`;
  const requested = fromWire(task.resources);
  for (const [name, long, short] of [['cpus', 'CPU', 'cpu'] as const, ['mem', 'memory', 'memory'] as const]) {
    const limit = limits[name]?.value;
    if (limit === undefined) continue;
    const request = scalarMilli(requested, name);
    if (request === 0) return `When a ${long} limit is specified, a ${long} request must also be specified`;
    if (limit * 1000 < request) return `The ${short} limit must be greater than or equal to the ${short} request`;
  }
  return undefined;
};

const executorError = (task: TaskInfo, context: TaskContext): string | undefined => {
  if ((task.executor === undefined) === (task.command === undefined))
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  if (task.executor !== undefined) return 'The local cluster does not run custom executors; use a command';
  const total = fromWire(task.resources);
  const role = task.resources?.find((resource) => resource.allocation_info?.role !== undefined)?.allocation_info?.role ?? context.role;
  if (role !== context.role || !contains(context.available, total)) {
    const offered = formatResources(context.available, context.role);
    return `Total resources ${formatResources(total, role)} required by task and its executor is more than available ${offered}`;
  }
  return undefined;
};

const shareCgroupsError = (task: TaskInfo): string | undefined =>
  task.container?.linux_info?.share_cgroups === false ? `Only tasks in a task group may have 'share_cgroups' set to 'false'` : undefined;

/** Why the task, whose resources are valid in themselves (`resourcesError`), can't be launched; undefined when it can. */
export function taskError(task: TaskInfo, context: TaskContext): string | undefined {
  return (
    identityError(task, context) ??
    durationsError(task) ??
    taskResourcesError(task) ??
    environmentError(task) ??
    limitsError(task) ??
    executorError(task, context) ??
    shareCgroupsError(task)
  );
}
