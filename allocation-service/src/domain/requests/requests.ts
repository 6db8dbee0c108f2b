import type { Allocate, Reply } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { touch } from '../context.js';
import type { Request, State } from '../model.js';
import { newRequest } from './new-request.js';
import { allocateFault } from './allocate-check.js';
import { hintWhenAllReady } from '../delay.js';
import { requirementsOf } from '../requirements.js';
import { createResource, describeResource } from '../resources.js';
import { forgetRequest, isExpired } from '../retention.js';
import type { Settings } from '../settings.js';

/** Two clients may choose the same request id. */
export const requestKey = (clientId: string, requestId: string): string => JSON.stringify([clientId, requestId]);

export const newClientRequest = (settings: Settings, key: string, allocate: Allocate, createdAt: number, traceId: string): Request =>
  newRequest({
    key,
    owner: allocate.client_id,
    allocate,
    workload: allocate.workload,
    requirements: requirementsOf(allocate, settings.roles[0] ?? '*'),
    taskPrefix: allocate.task_prefix ?? 'task',
    createdAt,
    traceId,
  });

/** The request with that id, unless all of it ended so long ago that the id may be used again. */
export const findRequest = (state: State, clientId: string, requestId: string, now: number): Request | undefined => {
  const request = state.requests.get(requestKey(clientId, requestId));
  return request === undefined || isExpired(state, request, now) ? undefined : request;
};

/** JSON with sorted keys: equal texts are equal bodies, whatever order their maps arrived in. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const resourcesOf = (request: Request): Omit<Reply, 'in_reply_to'> => ({
  resources: { resources: [...request.resources].map(describeResource) },
});

const conflict = (allocate: Allocate): Omit<Reply, 'in_reply_to'> => ({
  error: {
    code: 'CONFLICT',
    field: 'request_id',
    message: `request_id ${JSON.stringify(allocate.request_id)} was used for another request: give a new one, or repeat the first request unchanged`,
  },
});

/** Accepts a request once, however often it arrives: the same id has the same resources, the same id with another body conflicts. */
export const allocate = (context: Context, body: Allocate, traceId: string, isLate: boolean): Omit<Reply, 'in_reply_to'> => {
  const { state, now } = context;
  const known = findRequest(state, body.client_id, body.request_id, now);
  if (known?.allocate !== undefined) {
    if (canonical(known.allocate) !== canonical(body)) return conflict(body);
    hintWhenAllReady(context, known);
    return resourcesOf(known);
  }
  if (isLate) {
    return {
      error: { code: 'DEADLINE_EXCEEDED', message: 'the request arrived after its deadline, nothing was allocated: send it again' },
    };
  }
  const fault = allocateFault(body, state.settings, now);
  if (fault !== undefined) return { error: { code: 'INVALID', ...fault } };
  const key = requestKey(body.client_id, body.request_id);
  const expired = state.requests.get(key);
  if (expired !== undefined) forgetRequest(context, expired);
  const request = newClientRequest(state.settings, key, body, now, traceId);
  state.requests.set(key, request);
  touch(context, 'request', key);
  for (let count = 0; count < body.count; count += 1) createResource(context, request, body.each);
  return resourcesOf(request);
};
