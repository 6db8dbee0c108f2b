import type { Cancel, Release, Reply } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import type { Resource, State } from '../model.js';
import { stopResource } from '../stopping/stopping.js';

type Answer = Omit<Reply, 'in_reply_to'>;

/** What belongs to another client is as unknown as what never was. */
const ownResource = (state: State, clientId: string, id: string): Resource | undefined => {
  const resource = state.resources.get(id);
  return resource?.request.owner === clientId ? resource : undefined;
};

const everyResourceOf = (state: State, clientId: string): Resource[] =>
  [...state.requests.values()].filter((request) => request.owner === clientId).flatMap((request) => [...request.resources]);

/** A client gives resources back; unknown ids are ignored, since it may know them from before it or this service was restarted. */
export const release = (context: Context, body: Release): Answer => {
  const { state } = context;
  const named = (body.resource_ids ?? []).flatMap((id) => ownResource(state, body.client_id, id) ?? []);
  for (const resource of body.all === true ? everyResourceOf(state, body.client_id) : named) {
    stopResource(context, resource, 'REQUEST_RELEASED');
  }
  return { done: {} };
};

/** A client no longer wants what it was told is PENDING; all that are known are cancelled even if others are not. */
export const cancel = (context: Context, body: Cancel): Answer => {
  const unknown: string[] = [];
  for (const id of body.resource_ids ?? []) {
    const resource = ownResource(context.state, body.client_id, id);
    if (resource === undefined) unknown.push(id);
    else stopResource(context, resource, 'REQUEST_CANCELLED');
  }
  if (unknown.length === 0) return { done: {} };
  const listed = unknown.slice(0, 20).join(', ');
  return { error: { code: 'NOT_FOUND', field: 'resource_ids', message: `unknown resources: ${listed}; the others were cancelled` } };
};
