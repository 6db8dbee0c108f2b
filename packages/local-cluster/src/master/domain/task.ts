// A task as the master knows it, and how status updates change it (src/master/master.cpp, updateTask).
import type { FrameworkInfo, TaskInfo, TaskState, TaskStatus } from '../../generated/protocol.js';
import type { Resources } from '../../resources/resources.js';

export interface Task {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly user: string;
  readonly resources: Resources;
  readonly info: TaskInfo;
  /** The newest state that the agent told of, which may be ahead of what the framework has been sent. */
  state: TaskState;
  /** The last status of the agent or executor that went to the framework. */
  statusUpdateState: TaskState | undefined;
  /** base64 */
  statusUpdateUuid: string | undefined;
  /** One for each change of state, the newest last. */
  statuses: TaskStatus[];
}

const TERMINAL: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export const isTerminal = (state: TaskState): boolean => TERMINAL.has(state);

/** Its resources are free, whether the framework knows it or not. */
export const holdsNothing = (state: TaskState): boolean => isTerminal(state) || state === 'TASK_UNREACHABLE';

export function newTask(info: TaskInfo, framework: FrameworkInfo, role: string, resources: Resources): Task {
  return {
    id: info.task_id.value,
    frameworkId: framework.id?.value ?? '',
    agentId: info.agent_id.value,
    role,
    user: info.command?.user ?? framework.user,
    resources,
    info,
    state: 'TASK_STAGING',
    statusUpdateState: undefined,
    statusUpdateUuid: undefined,
    statuses: [],
  };
}

/** What a status says of the task's executor; nothing of a command task's own. */
export const executorIdOf = ({ info }: Task): Pick<TaskStatus, 'executor_id'> =>
  info.executor === undefined ? {} : { executor_id: info.executor.executor_id };

/** Takes in a status; true when the task just stopped holding its resources. */
export function updateTask(task: Task, status: TaskStatus, latestState: TaskState = status.state): boolean {
  const freed = !holdsNothing(task.state) && holdsNothing(latestState);
  if (!isTerminal(task.state)) task.state = latestState;
  if (task.statuses.at(-1)?.state === status.state) task.statuses.pop();
  task.statuses.push(status);
  return freed;
}

/** What reconciliation repeats of the last statuses: health, check and container (common/protobuf_utils.cpp, getTask…). */
export function lastingParts(task: Task): Partial<TaskStatus> {
  const last = <K extends 'healthy' | 'check_status' | 'container_status'>(field: K): Partial<TaskStatus> => {
    const value = task.statuses.findLast((status) => status[field] !== undefined)?.[field];
    return value === undefined ? {} : { [field]: value };
  };
  return { ...last('healthy'), ...last('check_status'), ...last('container_status') };
}
