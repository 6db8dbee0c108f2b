import type { CommandInfo, HealthCheck, Labels, Resource, TaskInfo } from '@streams-on-mesos/mesos';
import type { AppDefinition } from './app-definition.js';
import { taskNameOf } from './app-id.js';
import { taskEnvironment } from './task-environment.js';
import type { Task } from './task.js';

const toNanoseconds = (seconds: number): { nanoseconds: number } => ({ nanoseconds: seconds * 1e9 });

/** What Mesos is told to run for the task. */
export function taskInfoOf(app: AppDefinition, task: Task, resources: readonly Resource[]): TaskInfo {
  const healthCheck = commandHealthCheck(app);
  return {
    name: taskNameOf(app.id),
    task_id: { value: task.id },
    agent_id: { value: task.agentId },
    resources: [...resources],
    command: commandOf(app, task),
    labels: labelsOf(app.labels),
    discovery: {
      visibility: 'FRAMEWORK',
      name: taskNameOf(app.id),
      ports: {
        ports: app.portDefinitions.map(({ name, protocol, labels }, index) => ({
          number: task.ports[index] ?? 0,
          protocol,
          ...(name !== undefined && { name }),
          labels: labelsOf(labels),
        })),
      },
    },
    ...(healthCheck && { health_check: healthCheck }),
    ...(app.taskKillGracePeriodSeconds !== undefined && { kill_policy: { grace_period: toNanoseconds(app.taskKillGracePeriodSeconds) } }),
  };
}

const labelsOf = (labels: Readonly<Record<string, string>>): Labels => ({
  labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
});

function commandOf(app: AppDefinition, task: Task): CommandInfo {
  const environment = taskEnvironment(app, task.id, task.host, task.ports);
  return {
    environment: { variables: Object.entries(environment).map(([name, value]) => ({ name, value })) },
    uris: app.fetch.map(({ uri, destPath, ...how }) => ({ value: uri, ...how, ...(destPath !== undefined && { output_file: destPath }) })),
    ...(app.args === undefined || app.args.length === 0
      ? { shell: true, value: app.cmd ?? '' }
      : { shell: false, value: app.args[0] ?? '', arguments: [...app.args] }),
    ...(app.user !== undefined && { user: app.user }),
  };
}

/** Mesos's executor makes the check; Mesos takes one a task. */
function commandHealthCheck({ healthChecks }: AppDefinition): HealthCheck | undefined {
  const check = healthChecks.find(({ protocol }) => protocol === 'COMMAND');
  return (
    check && {
      type: 'COMMAND',
      command: { shell: true, value: check.command?.value ?? '' },
      delay_seconds: 0,
      interval_seconds: check.intervalSeconds,
      timeout_seconds: check.timeoutSeconds,
      consecutive_failures: check.maxConsecutiveFailures,
      grace_period_seconds: check.gracePeriodSeconds,
    }
  );
}
