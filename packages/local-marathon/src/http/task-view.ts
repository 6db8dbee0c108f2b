import type { Health } from '../domain/health.js';
import { instanceOfTask } from '../domain/app-id.js';
import type { Task } from '../domain/task.js';

const time = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

/** A task as Marathon shows it (task.raml). */
export const taskView = (task: Task): Record<string, unknown> => ({
  id: task.id,
  appId: task.appId,
  host: task.host,
  ports: task.ports,
  servicePorts: task.servicePorts,
  slaveId: task.agentId,
  state: task.kill && task.state === 'TASK_RUNNING' ? 'TASK_KILLING' : task.state,
  stagedAt: time(task.stagedAt),
  startedAt: time(task.startedAt),
  version: task.version,
  role: '*',
  ipAddresses: task.ipAddresses.map((ipAddress) => ({ ipAddress, protocol: ipAddress.includes(':') ? 'IPv6' : 'IPv4' })),
  ...(task.healthChecks.length > 0 && {
    healthCheckResults: task.health.filter(({ checked }) => checked).map((health) => healthView(task, health)),
  }),
});

const healthView = (task: Task, health: Health): Record<string, unknown> => ({
  alive: health.alive,
  consecutiveFailures: health.consecutiveFailures,
  firstSuccess: time(health.firstSuccess),
  lastSuccess: time(health.lastSuccess),
  lastFailure: time(health.lastFailure),
  lastFailureCause: health.lastFailureCause,
  instanceId: instanceOfTask(task.id),
});
