// What the master checks of a task group and its executor (src/master/validation.cpp, namespace task::group).
import type { ContainerInfo, ExecutorInfo, TaskInfo } from '../../../generated/protocol.js';
import { allocated, allocatedFromWire, containsAllocated, formatAllocated } from '../../../resources/allocated.js';
import { fromWire, scalarMilli } from '../../../resources/resources.js';
import { commandError } from './command.js';
import { executorError, holdsExecutor, isSameExecutor } from './executor-validation.js';
import { doOverlap, duplicatePersistenceError, revocableMixError } from './resource-lists.js';
import { taskItselfError, type LaunchContext } from './task-validation.js';

const MIN_CPUS = 0.01;
const MIN_MEM_MEGABYTES = 32;

const memberError = (task: TaskInfo, context: LaunchContext): string | undefined => {
  const error = taskItselfError(task, context);
  if (error !== undefined) return error;
  if (task.executor === undefined) return `'TaskInfo.executor' must be set`;
  const { container, health_check } = task;
  if ((container?.network_infos ?? []).length > 0 && (health_check?.type === 'HTTP' || health_check?.type === 'TCP'))
    return `HTTP and TCP health checks are not supported for nested containers not joining parent's network`;
  if (container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the task';
  const hasLimits = Object.keys(task.limits ?? {}).length > 0;
  if (hasLimits && sharesCgroups(container))
    return `Resource limits may only be set for tasks within a task group when the 'share_cgroups' field is set to 'false'.`;
  return undefined;
};

const sharesCgroups = (container: ContainerInfo | undefined): boolean => container?.linux_info?.share_cgroups ?? true;

/** As stout prints sizes: in the largest unit that loses nothing. */
const formatMegabytes = (megabytes: number): string => {
  if (megabytes === 0) return '0B';
  if (megabytes % 1024 !== 0) return `${megabytes}MB`;
  return megabytes % 1024 ** 2 === 0 ? `${megabytes / 1024 ** 2}TB` : `${megabytes / 1024}GB`;
};

const minimumError = ({ executor_id, resources }: ExecutorInfo): string | undefined => {
  const own = fromWire(resources);
  const has = (name: string): boolean => own.some((quantity) => quantity.name === name && quantity.type === 'SCALAR');
  const cpus = scalarMilli(own, 'cpus') / 1000;
  const id = executor_id.value;
  if (!has('cpus') || cpus < MIN_CPUS)
    return `Executor '${id}' uses less CPUs (${has('cpus') ? cpus : 'None'}) than the minimum required (${MIN_CPUS})`;
  const mem = Math.trunc(scalarMilli(own, 'mem') / 1000);
  if (!has('mem') || mem < MIN_MEM_MEGABYTES) {
    const used = has('mem') ? formatMegabytes(mem) : 'None';
    return `Executor '${id}' uses less memory (${used}) than the minimum required (${formatMegabytes(MIN_MEM_MEGABYTES)})`;
  }
  return has('disk') ? undefined : `Executor '${id}' uses no disk`;
};

const combinedError = (tasks: readonly TaskInfo[], executor: ExecutorInfo): string | undefined => {
  const lists = tasks.map((task) => task.resources);
  const total = allocatedFromWire(executor.resources, ...lists);
  const duplicate = duplicatePersistenceError(total);
  if (duplicate !== undefined) return `Task group and executor use duplicate persistence ID: ${duplicate}`;
  const mix = revocableMixError(total);
  if (mix !== undefined) return `Task group and executor mix revocable and non-revocable resources: ${mix}`;
  if (!doOverlap(...lists, executor.resources)) return undefined;
  const all = `[ ${lists.map((list) => formatAllocated(allocatedFromWire(list))).join(', ')} ]`;
  const own = formatAllocated(allocatedFromWire(executor.resources));
  return `There are overlapping resources in the task group's task resources ${all} and/or executor resources ${own}`;
};

const placeError = (tasks: readonly TaskInfo[], executor: ExecutorInfo, context: LaunchContext): string | undefined => {
  const executorResources = holdsExecutor(context, executor.executor_id.value) ? undefined : executor.resources;
  const total = allocatedFromWire(...tasks.map((task) => task.resources), executorResources);
  const available = allocated(context.role, context.available);
  if (containsAllocated(available, total)) return undefined;
  return `Total resources ${formatAllocated(total)} required by task group and its executor are more than available ${formatAllocated(available)}`;
};

const groupExecutorError = (tasks: readonly TaskInfo[], executor: ExecutorInfo, context: LaunchContext): string | undefined => {
  const error = executorError(executor, context);
  if (error !== undefined) return error;
  const id = executor.executor_id.value;
  if (executor.type === undefined) return `'ExecutorInfo.type' must be set`;
  if (executor.type === 'UNKNOWN') return 'Unknown executor type';
  if (executor.container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the executor';
  const other = tasks.find((task) => task.executor !== undefined && !isSameExecutor(task.executor, executor));
  if (other !== undefined) return `The \`ExecutorInfo\` of task '${other.task_id.value}' is different from executor '${id}'`;
  const missing = minimumError(executor) ?? combinedError(tasks, executor) ?? placeError(tasks, executor, context);
  if (missing !== undefined) return missing;
  // The missing blank is Mesos's.
  const command = executor.command && commandError(executor.command);
  if (command !== undefined) return `Executor '${id}'contains an invalid command: ${command}`;
  // Mesos would run it.
  return executor.type === 'DEFAULT' ? undefined : `The local cluster does not run custom executors; use type 'DEFAULT'`;
};

const shareCgroupsError = (tasks: readonly TaskInfo[], executor: ExecutorInfo, { framework, agent }: LaunchContext): string | undefined => {
  if (executor.container?.linux_info?.share_cgroups === true)
    return `The 'share_cgroups' field cannot be set to 'true' on executor containers`;
  const id = executor.executor_id.value;
  const siblings = [...framework.tasks.values(), ...framework.unreachableTasks.values()]
    .filter((task) => task.agentId === agent.id && task.info.executor?.executor_id.value === id)
    .map(({ info }) => info);
  const present = holdsExecutor({ framework, agent }, id) ? siblings : [];
  return new Set([...tasks, ...present].map(({ container }) => sharesCgroups(container))).size > 1
    ? `If set, the value of 'share_cgroups' must be the same for all tasks in each task group and under a single executor`
    : undefined;
};

/** Why the whole group can't be launched, in Mesos's words; undefined when it can. */
export function taskGroupError(tasks: readonly TaskInfo[], executor: ExecutorInfo, context: LaunchContext): string | undefined {
  const seen = new Set<string>();
  for (const task of tasks) {
    const id = task.task_id.value;
    // Mesos itself would end here.
    const error = memberError(task, context) ?? (seen.has(id) ? `Task has duplicate ID: ${id}` : undefined);
    seen.add(id);
    if (error !== undefined) return `Task '${id}' is invalid: ${error}`;
  }
  return groupExecutorError(tasks, executor, context) ?? shareCgroupsError(tasks, executor, context);
}
