import type { CheckStatusInfo, TaskStatus } from '@streams-on-mesos/mesos';
import type { Task } from '../model.js';

/** As Mesos itself judges the answer to an HTTP health check (docs/health-checks.md, "HTTP Health Checks"). */
const isSuccess = (code: number | undefined): boolean => code !== undefined && code >= 200 && code < 400;

const hasPassed = ({ command, http, tcp }: CheckStatusInfo): boolean =>
  command?.exit_code === 0 || isSuccess(http?.status_code) || tcp?.succeeded === true;

/**
 * Whether a status of a running task says that it is ready: nothing checks it, or its checks have passed. Before the first
 * result of a health check `healthy` is absent, as it is where nothing is checked, so the task has to know; a task with a
 * check always has a `check_status`, empty until the first result (src/launcher/executor.cpp, createTaskStatus).
 */
export const isReady = (task: Task, { healthy, check_status: checkStatus }: TaskStatus): boolean => {
  if (healthy === false || (task.hasHealthCheck && healthy !== true)) return false;
  return checkStatus === undefined || hasPassed(checkStatus);
};
