// A task as the operator API shows it (src/common/protobuf_utils.cpp, createTask).
import type { Task as TaskMessage, TaskState } from '../../generated/protocol.js';
import { toWire } from '../../resources/resources.js';
import type { ShownTask } from './task-view.js';

/** What the master or agent knows of the newest update. */
export interface UpdateMark {
  readonly statusUpdateState: TaskState | undefined;
  readonly statusUpdateUuid: string | undefined;
}

export const taskMessage = (task: ShownTask & Partial<UpdateMark>): TaskMessage => {
  const { info, statusUpdateState, statusUpdateUuid } = task;
  const executorId = info.executor?.executor_id;
  const user = info.command?.user ?? info.executor?.command?.user;
  return {
    name: info.name,
    task_id: { value: task.id },
    framework_id: { value: task.frameworkId },
    ...(executorId === undefined ? {} : { executor_id: executorId }),
    agent_id: { value: task.agentId },
    state: task.state,
    resources: toWire(task.resources, task.role),
    statuses: [...task.statuses],
    ...(statusUpdateState === undefined ? {} : { status_update_state: statusUpdateState }),
    ...(statusUpdateUuid === undefined ? {} : { status_update_uuid: statusUpdateUuid }),
    ...(info.labels === undefined ? {} : { labels: info.labels }),
    ...(info.discovery === undefined ? {} : { discovery: info.discovery }),
    ...(info.container === undefined ? {} : { container: info.container }),
    ...(info.health_check === undefined ? {} : { health_check: info.health_check }),
    ...(info.kill_policy === undefined ? {} : { kill_policy: info.kill_policy }),
    ...(user === undefined ? {} : { user }),
    ...(info.limits === undefined ? {} : { limits: info.limits }),
  };
};
