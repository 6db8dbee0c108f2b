// What the master checks of a task to launch, in Mesos's order and words (src/master/validation.cpp, namespace task). The task's
// resources are valid in themselves, have a stack of reservations and are allocated to a role (`normalized`).
import type { TaskInfo } from '../../../generated/protocol.js';
import { allocated, allocatedFromWire, containsAllocated, formatAllocated } from '../../../resources/allocated.js';
import { fromWire, scalarMilli } from '../../../resources/resources.js';
import type { AgentRecord, FrameworkRecord } from '../master-state.js';
import type { Resources } from '../../../resources/resources.js';
import { checkError, healthCheckError } from './checks.js';
import { commandError } from './command.js';
import { containerError } from './container.js';
import { executorError, holdsExecutor } from './executor-validation.js';
import { idError } from './identifiers.js';
import { doOverlap, duplicatePersistenceError, listError, revocableMixError, severalRolesError } from './resource-lists.js';

export interface LaunchContext {
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  /** That the offers are of. */
  readonly role: string;
  /** What is left of the accepted offers. */
  readonly available: Resources;
}

const prefixed = (prefix: string, error: string | undefined): string | undefined =>
  error === undefined ? undefined : `${prefix}: ${error}`;

const identityError = (task: TaskInfo, { framework, agent }: LaunchContext): string | undefined => {
  const id = task.task_id.value;
  const error = idError(id);
  if (error !== undefined) return error;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  if (framework.unreachableTasks.has(id)) return `Task reuses the ID of an unreachable task: ${id}`;
  if (task.agent_id.value !== agent.id) return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  return undefined;
};

const durationsError = (task: TaskInfo): string | undefined => {
  if ((task.kill_policy?.grace_period?.nanoseconds ?? 0) < 0) return `Task's 'kill_policy.grace_period' must be non-negative`;
  if ((task.max_completion_time?.nanoseconds ?? 0) < 0) return `Task's \`max_completion_time\` must be non-negative`;
  return undefined;
};

const checksError = ({ check, health_check }: TaskInfo): string | undefined =>
  prefixed('Task uses invalid check', check && checkError(check)) ??
  prefixed('Task uses invalid health check', health_check && healthCheckError(health_check));

const resourcesError = ({ resources = [] }: TaskInfo): string | undefined => {
  if (resources.length === 0) return 'Task uses no resources';
  const all = allocatedFromWire(resources);
  return (
    prefixed('Task uses invalid resources', listError(resources)) ??
    prefixed('Task uses duplicate persistence ID', duplicatePersistenceError(all)) ??
    prefixed('Invalid task resources', severalRolesError(resources)) ??
    prefixed('Task mixes revocable and non-revocable resources', revocableMixError(all))
  );
};

const limitsError = ({ limits = {}, resources }: TaskInfo): string | undefined => {
  if (Object.keys(limits).some((name) => name !== 'cpus' && name !== 'mem'))
    return `Only cpus and mem may be included in a task's resource limits`;
  const requested = fromWire(resources);
  const [cpus, mem] = [scalarMilli(requested, 'cpus'), scalarMilli(requested, 'mem')];
  if (limits.cpus !== undefined) {
    if (cpus === 0) return 'When a CPU limit is specified, a CPU request must also be specified';
    if (limits.cpus.value < cpus / 1000) return 'The cpu limit must be greater than or equal to the cpu request';
  }
  if (limits.mem !== undefined) {
    if (mem === 0) return 'When a memory limit is specified, a memory request must also be specified';
    // Whole megabytes are compared.
    if (Math.trunc(limits.mem.value) < Math.trunc(mem / 1000))
      return 'The memory limit must be greater than or equal to the memory request';
  }
  return undefined;
};

/** `task::internal::validateTask`: all but the executor; for tasks of a group, too. */
export const taskItselfError = (task: TaskInfo, context: LaunchContext): string | undefined =>
  identityError(task, context) ??
  durationsError(task) ??
  checksError(task) ??
  resourcesError(task) ??
  prefixed(`Task's \`CommandInfo\` is invalid`, task.command && commandError(task.command)) ??
  prefixed(`Task's \`ContainerInfo\` is invalid`, task.container && containerError(task.container)) ??
  limitsError(task);

const customExecutorError = (task: TaskInfo, context: LaunchContext): string | undefined => {
  const { executor } = task;
  if (executor === undefined) return undefined;
  const error = executorError(executor, context);
  if (error !== undefined) return error;
  if (executor.type !== undefined && executor.type !== 'CUSTOM') return `'ExecutorInfo.type' must be 'CUSTOM'`;
  if (executor.command === undefined) return `'ExecutorInfo.command' must be set`;
  const shared = (executor.resources ?? []).some((resource) => resource.shared !== undefined);
  if (shared) return `Executor resources ${formatAllocated(allocatedFromWire(executor.resources))} should not contain any shared resources`;
  if (executor.container?.linux_info?.share_cgroups === true)
    return `The 'share_cgroups' field cannot be set to 'true' on executor containers`;
  return undefined;
};

const combinedError = ({ resources, executor }: TaskInfo): string | undefined => {
  const total = allocatedFromWire(resources, executor?.resources);
  const error = prefixed('Task and its executor use invalid resources', listError([...(resources ?? []), ...(executor?.resources ?? [])]));
  if (error !== undefined) return error;
  if (executor !== undefined && doOverlap(resources, executor.resources)) {
    const [own, executors] = [resources, executor.resources].map((list) => formatAllocated(allocatedFromWire(list)));
    return `There are overlapping resources in the task resources ${own} and executor resources ${executors}`;
  }
  return (
    prefixed('Task and its executor use duplicate persistence ID', duplicatePersistenceError(total)) ??
    prefixed('Task and its executor mix revocable and non-revocable resources', revocableMixError(total))
  );
};

const placeError = (task: TaskInfo, context: LaunchContext): string | undefined => {
  const { executor } = task;
  if ((executor === undefined) === (task.command === undefined))
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  const error = customExecutorError(task, context) ?? combinedError(task);
  if (error !== undefined) return error;
  const isNew = executor !== undefined && !holdsExecutor(context, executor.executor_id.value);
  const total = allocatedFromWire(task.resources, isNew ? executor.resources : undefined);
  const available = allocated(context.role, context.available);
  if (!containsAllocated(available, total))
    return `Total resources ${formatAllocated(total)} required by task and its executor is more than available ${formatAllocated(available)}`;
  // Mesos would run it.
  return executor === undefined ? undefined : 'The local cluster does not run custom executors; use a command';
};

const shareCgroupsError = (task: TaskInfo): string | undefined =>
  task.container?.linux_info?.share_cgroups === false ? `Only tasks in a task group may have 'share_cgroups' set to 'false'` : undefined;

/** Why the task can't be launched by LAUNCH; undefined when it can. */
export const taskError = (task: TaskInfo, context: LaunchContext): string | undefined =>
  taskItselfError(task, context) ?? placeError(task, context) ?? shareCgroupsError(task);
