import type { CommandInfo, Environment, Resource as MesosResource, TaskInfo } from '@streams-on-mesos/mesos';
import type { Workload } from '@streams-on-mesos/messages';
import type { Resource, Task } from '../model.js';
import type { Settings } from '../settings.js';
import { givenPorts, mapHostPorts, portVariables } from './task-ports.js';

const NANOSECONDS = 1_000_000_000;

type Variable = NonNullable<Environment['variables']>[number];

const variable = (name: string, value: string): Variable => ({ name, type: 'VALUE', value });

const override = (variables: readonly Variable[], environment: Readonly<Record<string, string>>): Variable[] => [
  ...variables.filter(({ name }) => !Object.hasOwn(environment, name)),
  ...Object.entries(environment).map(([name, value]) => variable(name, value)),
];

/**
 * What every task is told besides the environment that its request names, which may override it. The command line is the
 * shell's, so `$RESOURCE_ID` in it becomes "resource_7".
 */
const placementVariables = (resource: Resource, task: Task, ports: readonly number[]): Variable[] => {
  const variables = [
    variable('RESOURCE_ID', resource.id),
    variable('RESOURCE_HOST', resource.placement?.host ?? ''),
    variable('RESOURCE_TASK_ID', task.id),
  ];
  if (ports.length > 0) for (const [name, value] of Object.entries(portVariables(ports))) variables.push(variable(name, value));
  return variables;
};

/** A task for the command executor: its name is the resource's id, as in the original. */
export const taskInfo = (settings: Settings, resource: Resource, workload: Workload, task: Task, entries: MesosResource[]): TaskInfo => {
  const { container, uris, environment, check, health_check, kill_grace_seconds: grace } = workload;
  const ports = givenPorts(resource.placement?.quantities.port_ranges);
  const variables = placementVariables(resource, task, ports);
  const user = workload.user ?? settings.mesosUser;
  const command: CommandInfo = {
    shell: true,
    value: workload.command,
    environment: { variables: environment === undefined ? variables : override(variables, environment) },
  };
  if (uris !== undefined) command.uris = uris;
  if (user !== undefined) command.user = user;
  const info: TaskInfo = {
    name: resource.id,
    task_id: { value: task.id },
    agent_id: { value: task.agentId },
    resources: entries,
    command,
  };
  if (check !== undefined) info.check = check;
  if (health_check !== undefined) info.health_check = health_check;
  if (grace !== undefined) info.kill_policy = { grace_period: { nanoseconds: Math.round(grace * NANOSECONDS) } };
  if (container !== undefined) info.container = mapHostPorts(container, ports);
  return info;
};
