import type { Quantities } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { after, log, touch } from '../context.js';
import type { UnknownTask } from '../leader.js';
import type { Request, Resource, Task } from '../model.js';
import { newClientRequest, requestKey } from '../requests/requests.js';
import { indexResource, newResource } from '../resources.js';
import { adoptNodes, nodeQuantities, scalingRequest } from '../scaling/scaling.js';
import { addTask } from '../tasks/tasks.js';
import { ADOPTED, adoptedAllocate } from './adopted-request.js';
import { reconcileTasks } from './reconciliation.js';

/** What a task id says: `<prefix>_resource_<number>_<launch>`. */
interface TaskName {
  readonly prefix: string;
  readonly number: number;
  readonly launch: number;
}

const nameOf = (taskId: string): TaskName | undefined => {
  const [, prefix, number, launch] = /^(.+)_resource_(\d{1,15})_(\d{1,9})$/.exec(taskId) ?? [];
  return prefix === undefined ? undefined : { prefix, number: Number(number), launch: Number(launch) };
};

/**
 * An operator's word after a loss of the state: each task that Mesos named and no record knows becomes a resource. Those
 * that are called as the scaled nodes are become scaled nodes, and when no scaling config is there, one for as many nodes.
 * Every other becomes the one resource of a request of the owner "adopted", which anybody may release by its id and which
 * is not launched again when its task ends: what it runs is not known.
 * Nothing is decided about tasks that turn up later, such as those of an agent that is away now: neither are they adopted,
 * nor are they killed before a state that began empty is believed.
 */
export const adoptUnknownTasks = (context: Context, traceId: string): void => {
  const { leader, durable, settings, timers } = context.state;
  const tasks: Task[] = [];
  let nodes = 0;
  for (const [taskId, unknown] of [...leader.unknownTasks]) {
    // A task without an agent can't be told to end, and one that was told to won't stay.
    if (unknown.agentId === undefined || leader.kills.has(taskId)) continue;
    const name = nameOf(taskId);
    const isNode = name?.prefix === settings.nodeTaskPrefix;
    if (isNode) nodes += 1;
    const request = isNode ? scalingRequest(context, traceId) : adoptedRequest(context, taskId, name, traceId);
    tasks.push(adopt(context, { request, taskId, name, agentId: unknown.agentId, unknown, traceId }));
    leader.unknownTasks.delete(taskId);
  }
  if (durable.beganEmpty) timers.set('began-empty', after(context, settings.emptyStateSecs));
  log(context, 'info', 'adopted what no record knew', { tasks: tasks.map((task) => task.id) });
  reconcileTasks(context, tasks);
  if (nodes > 0) adoptNodes(context, nodes, traceId);
};

const adoptedRequest = (context: Context, taskId: string, name: TaskName | undefined, traceId: string): Request => {
  const { state, now } = context;
  const key = requestKey(ADOPTED, taskId);
  const request = newClientRequest(state.settings, key, adoptedAllocate(taskId, name?.prefix ?? ADOPTED), now, traceId);
  // Nobody waits for it: what becomes of it is told as of any other that was answered PENDING.
  request.settledSequence = state.durable.sequence;
  state.requests.set(key, request);
  touch(context, 'request', key);
  return request;
};

interface Adoption {
  readonly request: Request;
  readonly taskId: string;
  readonly name: TaskName | undefined;
  readonly agentId: string;
  readonly unknown: UnknownTask;
  readonly traceId: string;
}

/** Its number is that in its task's id, unless a newer resource or another task of the same one has that. */
const numberFor = (context: Context, name: TaskName | undefined): number => {
  const { resources, durable } = context.state;
  if (name !== undefined && !resources.has(`resource_${name.number}`)) return name.number;
  const fresh = durable.nextResource;
  durable.nextResource += 1;
  touch(context, 'meta', 'state');
  return fresh;
};

const adopt = (context: Context, { request, taskId, name, agentId, unknown, traceId }: Adoption): Task => {
  const { state, now } = context;
  const resource: Resource = newResource(numberFor(context, name), request, sizeOf(context, request), now);
  resource.state = 'LAUNCHED';
  resource.launches = (name?.launch ?? 0) + 1;
  if (request.owner === ADOPTED) {
    resource.requestState = 'REQUEST_PENDING';
    resource.settledAs = 'PENDING';
  }
  const host = state.leader.agents.get(agentId)?.facts.hostname ?? '';
  resource.placement = { taskId, agentId, host, quantities: { cpus: 0, mem: 0 } };
  const task: Task = {
    id: taskId,
    resourceId: resource.id,
    agentId,
    killGraceSecs: undefined,
    hasHealthCheck: false,
    licences: [],
    traceId,
    phase: 'LAUNCHED',
    seen: true,
    lostSince: undefined,
    supersededAt: undefined,
    last: unknown.last,
    heardIn: undefined,
    runningSince: undefined,
    unknownAnswers: 0,
    refused: false,
  };
  resource.task = task;
  indexResource(state, resource);
  addTask(state, task);
  touch(context, 'resource', resource.id);
  touch(context, 'task', task.id);
  return task;
};

/** A node is taken for one of the size in force; of anything else the size is not known. */
const sizeOf = ({ state }: Context, request: Request): Quantities =>
  request.owner === ADOPTED ? { cpus: 0, mem: 0 } : nodeQuantities(state);
