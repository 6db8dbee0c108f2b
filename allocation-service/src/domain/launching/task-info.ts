import type { Environment, Resource as MesosResource, TaskInfo } from '@streams-on-mesos/mesos';
import type { Workload } from '@streams-on-mesos/messages';
import type { Resource, Task } from '../model.js';
import type { Settings } from '../settings.js';

const NANOSECONDS = 1_000_000_000;

/**
 * What every task is told besides the environment that its request names, which may use it: the command line is the
 * shell's, so `$RESOURCE_ID` in it becomes "resource_7".
 */
const placementEnvironment = (resource: Resource, task: Task): Record<string, string> => ({
  RESOURCE_ID: resource.id,
  RESOURCE_HOST: resource.placement?.host ?? '',
  RESOURCE_TASK_ID: task.id,
});

const environment = (variables: Record<string, string>): Environment => ({
  variables: Object.entries(variables).map(([name, value]) => ({ name, type: 'VALUE', value })),
});

/** A task for the command executor: its name is the resource's id, as in the original. */
export const taskInfo = (settings: Settings, resource: Resource, workload: Workload, task: Task, entries: MesosResource[]): TaskInfo => {
  const user = workload.user ?? settings.mesosUser;
  return {
    name: resource.id,
    task_id: { value: task.id },
    agent_id: { value: task.agentId },
    resources: entries,
    command: {
      shell: true,
      value: workload.command,
      environment: environment({ ...placementEnvironment(resource, task), ...workload.environment }),
      ...(workload.uris === undefined ? {} : { uris: workload.uris }),
      ...(user === undefined ? {} : { user }),
    },
    ...(workload.kill_grace_seconds === undefined
      ? {}
      : { kill_policy: { grace_period: { nanoseconds: Math.round(workload.kill_grace_seconds * NANOSECONDS) } } }),
  };
};
