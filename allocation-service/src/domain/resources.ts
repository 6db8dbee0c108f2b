import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Context } from './context.js';
import { touch } from './context.js';
import { noteWaiting } from './demand/note-waiting.js';
import type { Request, Resource, State, Task } from './model.js';

export const SCALING = 'scaling';

export const isScaled = (resource: Resource): boolean => resource.request.owner === SCALING;

export const hasEnded = (resource: Resource): boolean => resource.endedAt !== undefined;

/** A scaled node ended or waits again: what follows is decided at the next tick, once for all that end together. */
export const noteNodeLost = ({ state, now }: Context): void => state.timers.set('nodes', now);

/** A scaled node is ready: that matters only while others wait for it to be replaced. */
export const noteNodeReady = (context: Context): void => {
  if (context.state.timers.has('roll')) noteNodeLost(context);
};

/** The resource whose current task this is; undefined for a superseded one. */
export const resourceOf = (state: State, task: Task): Resource | undefined => {
  const resource = state.resources.get(task.resourceId);
  return resource?.task === task ? resource : undefined;
};

/** Puts a resource into the indexes, as its state demands. */
export const indexResource = (state: State, resource: Resource): void => {
  const { request } = resource;
  state.resources.set(resource.id, resource);
  request.resources.add(resource);
  request.firstNumber = Math.min(request.firstNumber, resource.number);
  if (hasEnded(resource)) state.ended.add(resource);
  else request.living += 1;
  if (resource.state === 'NEW') addWaiting(state, resource);
  if (resource.state === 'RUNNING' && resource.requestState === 'REQUEST_ALLOCATED') state.livingWorkloads.add(resource);
};

export const addWaiting = (state: State, resource: Resource): void => {
  const { key, requirements, waiting } = resource.request;
  waiting.add(resource);
  if (requirements.placeBy !== undefined) state.timers.set(`deadline:${key}`, requirements.placeBy);
  state.waiting.add(resource.request);
};

export const removeWaiting = (state: State, resource: Resource): void => {
  const { request } = resource;
  request.waiting.delete(resource);
  if (request.waiting.size > 0) return;
  state.waiting.delete(request);
  request.heldBackSince = undefined;
};

/** A resource to which nothing has happened yet. */
export const newResource = (number: number, request: Request, requested: Resource['requested'], createdAt: number): Resource => ({
  id: `resource_${number}`,
  number,
  request,
  createdAt,
  state: 'NEW',
  requestState: 'REQUEST_NEW',
  completion: 'NONE',
  requested,
  launches: 0,
  settledAs: undefined,
  placement: undefined,
  message: undefined,
  endedAt: undefined,
  stopHookSince: undefined,
  maintenance: undefined,
  task: undefined,
  notBefore: 0,
});

/** A new resource, waiting for an offer. */
export const createResource = (context: Context, request: Request, requested: Resource['requested']): Resource => {
  const { state } = context;
  const number = state.durable.nextResource;
  state.durable.nextResource += 1;
  touch(context, 'meta', 'state');
  const resource = newResource(number, request, requested, context.now);
  indexResource(state, resource);
  touch(context, 'resource', resource.id);
  noteWaiting(state, request);
  return resource;
};

/** Nothing more happens to this resource; it stays listed for a while. */
export const endResource = (context: Context, resource: Resource, as: 'STOPPED' | 'FAILED' | 'CANCELLED', completion: string): void => {
  const { state, now } = context;
  const { request } = resource;
  if (resource.state === 'NEW') removeWaiting(state, resource);
  state.livingWorkloads.delete(resource);
  resource.state = as;
  resource.completion = completion;
  resource.task = undefined;
  resource.endedAt = now;
  state.ended.add(resource);
  touch(context, 'resource', resource.id);
  request.living -= 1;
  if (request.owner === SCALING) noteNodeLost(context);
  if (request.living > 0 || request.owner === SCALING) return;
  request.endedAt = now;
  touch(context, 'request', request.key);
};

/** A resource as others see it. */
export const describeResource = (resource: Resource): ResourceMessage => {
  const { request, placement, maintenance } = resource;
  return {
    id: resource.id,
    owner: request.owner,
    ...(request.allocate === undefined ? {} : { request_id: request.allocate.request_id, labels: { ...request.allocate.labels } }),
    state: resource.state,
    request_state: resource.requestState,
    completion: resource.completion,
    ...(placement === undefined ? {} : { task_id: placement.taskId, agent_id: placement.agentId }),
    // Of a task that was adopted the host may not be known.
    ...(placement === undefined || placement.host === '' ? {} : { host: placement.host }),
    requested: { ...resource.requested },
    ...(placement === undefined ? {} : { allocated: { ...placement.quantities } }),
    created_at_ms: resource.createdAt,
    ...(resource.message === undefined ? {} : { message: resource.message }),
    ...(maintenance === undefined || maintenance.calledOff ? {} : { maintenance: { ...maintenance.window } }),
    ...(resource.endedAt === undefined ? {} : { ended_at_ms: resource.endedAt }),
  };
};
