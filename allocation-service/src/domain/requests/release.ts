import type { Cancel, Release, Reply } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { hintWhenAllReady } from '../delay.js';
import type { Resource, State } from '../model.js';
import { hasEnded } from '../resources.js';
import { stopResource } from '../stopping/stopping.js';

type Answer = Omit<Reply, 'in_reply_to'>;

/** What belongs to another client is as unknown as what never was. */
const ownResource = (state: State, clientId: string, id: string): Resource | undefined => {
  const resource = state.resources.get(id);
  return resource?.request.owner === clientId ? resource : undefined;
};

const stopAll = (context: Context, resources: readonly Resource[], as: 'REQUEST_RELEASED' | 'REQUEST_CANCELLED'): void => {
  const given = resources.filter((resource) => !hasEnded(resource) && resource.state !== 'STOPPING');
  for (const resource of given) stopResource(context, resource, as);
  // Who still waits for the request may have nothing left to wait for.
  for (const request of new Set(given.map((resource) => resource.request))) hintWhenAllReady(context, request);
};

/** A client gives resources back; unknown ids are ignored, since it may know them from before it or this service was restarted. */
export const release = (context: Context, body: Release): Answer => {
  const { state } = context;
  const named = (body.resource_ids ?? []).flatMap((id) => ownResource(state, body.client_id, id) ?? []);
  stopAll(context, body.all === true ? state.requests.resourcesOf(body.client_id) : named, 'REQUEST_RELEASED');
  return { done: {} };
};

/** A client no longer wants what it was told is PENDING; all that are known are cancelled even if others are not. */
export const cancel = (context: Context, body: Cancel): Answer => {
  const unknown: string[] = [];
  const known: Resource[] = [];
  for (const id of body.resource_ids ?? []) {
    const resource = ownResource(context.state, body.client_id, id);
    if (resource === undefined) unknown.push(id);
    else known.push(resource);
  }
  stopAll(context, known, 'REQUEST_CANCELLED');
  if (unknown.length === 0) return { done: {} };
  const listed = unknown.slice(0, 20).join(', ');
  return { error: { code: 'NOT_FOUND', field: 'resource_ids', message: `unknown resources: ${listed}; the others were cancelled` } };
};
