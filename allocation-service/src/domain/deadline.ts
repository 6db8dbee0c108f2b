import { recordClientEvent } from './client-events.js';
import type { Context } from './context.js';
import { log } from './context.js';
import { hintWhenAllReady } from './delay.js';
import type { Resource } from './model.js';
import { endResource } from './resources.js';

// `place_by_ms` of an Allocate: who asked has no use for what is placed later, whatever it waits for.

const fail = (context: Context, resource: Resource, message: string): void => {
  resource.message = message;
  endResource(context, resource, 'FAILED', resource.completion);
  // Whoever has not settled yet is told by the answer to that.
  if (resource.requestState === 'REQUEST_PENDING') recordClientEvent(context, 'FAILED', resource);
};

/** What still waits for an offer has FAILED; what was launched in time goes on. */
export const onDeadline = (context: Context, key: string): void => {
  const request = context.state.requests.get(key);
  if (request?.requirements.placeBy === undefined) return;
  const by = new Date(request.requirements.placeBy).toISOString();
  const late = [...request.waiting];
  if (late.length === 0) return;
  for (const resource of late) fail(context, resource, `it was not placed by ${by}: ${whatItWaitedFor(resource)}`);
  log(context, 'warn', 'resources were not placed in time', { request: key, by, resources: late.map(({ id }) => id) });
  hintWhenAllReady(context, request);
};

const whatItWaitedFor = ({ launches }: Resource): string =>
  launches === 0 ? 'no offer was used for it' : `it was launched ${launches} times and its task did not last`;
