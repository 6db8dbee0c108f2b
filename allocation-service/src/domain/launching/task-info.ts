import type { CommandInfo, Environment, TaskInfo } from '@streams-on-mesos/mesos';
import type { Workload } from '@streams-on-mesos/messages';
import type { AgentFacts } from '../agents/agent-facts.js';
import type { Match } from '../matching/matching.js';
import type { Task } from '../model.js';
import type { Settings } from '../settings.js';
import { givenPorts, mapHostPorts, portVariables } from './task-ports.js';

const NANOSECONDS = 1_000_000_000;

type Variable = NonNullable<Environment['variables']>[number];

const variable = (name: string, value: string): Variable => ({ name, type: 'VALUE', value });

const override = (variables: readonly Variable[], environment: Readonly<Record<string, string>>): Variable[] => [
  ...variables.filter(({ name }) => !Object.hasOwn(environment, name)),
  ...Object.entries(environment).map(([name, value]) => variable(name, value)),
];

/** What all tasks of one ACCEPT have in common. */
export interface SharedOnAgent {
  readonly agentId: TaskInfo['agent_id'];
  readonly hostVariable: Variable;
}

export const sharedOnAgent = ({ id, hostname }: AgentFacts): SharedOnAgent => ({
  agentId: { value: id },
  hostVariable: variable('RESOURCE_HOST', hostname),
});

/** As it was requested, or as a streams-bridge made it for this very host. */
export const workloadOf = ({ resource, workload }: Match): Workload => workload ?? resource.request.workload;

/**
 * What every task is told besides the environment that its request names, which may override it. The command line is the
 * shell's, so `$RESOURCE_ID` in it becomes "resource_7".
 */
const placementVariables = (task: Task, hostVariable: Variable, ports: readonly number[]): Variable[] => {
  const variables = [variable('RESOURCE_ID', task.resourceId), hostVariable, variable('RESOURCE_TASK_ID', task.id)];
  if (ports.length > 0) for (const [name, value] of Object.entries(portVariables(ports))) variables.push(variable(name, value));
  return variables;
};

/** A task for the command executor: its name is the resource's id, as in the original. */
export const taskInfo = (settings: Settings, { agentId, hostVariable }: SharedOnAgent, task: Task, match: Match): TaskInfo => {
  const workload = workloadOf(match);
  const { container, uris, environment, check, health_check, kill_grace_seconds: grace } = workload;
  const ports = givenPorts(match.quantities.port_ranges);
  const variables = placementVariables(task, hostVariable, ports);
  const user = workload.user ?? settings.mesosUser;
  const command: CommandInfo = {
    shell: true,
    value: workload.command,
    environment: { variables: environment === undefined ? variables : override(variables, environment) },
  };
  if (uris !== undefined) command.uris = uris;
  if (user !== undefined) command.user = user;
  const info: TaskInfo = {
    name: task.resourceId,
    task_id: { value: task.id },
    agent_id: agentId,
    resources: match.entries,
    command,
  };
  if (check !== undefined) info.check = check;
  if (health_check !== undefined) info.health_check = health_check;
  if (grace !== undefined) info.kill_policy = { grace_period: { nanoseconds: Math.round(grace * NANOSECONDS) } };
  if (container !== undefined) info.container = mapHostPorts(container, ports);
  return info;
};
