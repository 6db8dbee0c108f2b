import type { Reply, ValidateStop } from '@streams-on-mesos/messages';
import type { Resource, State } from '../model.js';
import { hasEnded, isScaled } from '../resources.js';

const LISTED = 10;

/** What is being stopped was given back: it ends whether its client is there or not. */
const isInUse = (resource: Resource, clientId: string | undefined): boolean =>
  !hasEnded(resource) &&
  resource.state !== 'STOPPING' &&
  !isScaled(resource) &&
  (clientId === undefined || resource.request.owner === clientId);

/**
 * Whether a client may go away, or everybody's resource manager when none is named: not while resources are in use or
 * waited for, unless it is forced. CDISR6020E ERR_RM_ACTIVELY_MANAGING_RESOURCES of the product's messages.
 */
export const validateStop = (state: State, { client_id: clientId, force }: ValidateStop): Omit<Reply, 'in_reply_to'> => {
  const inUse = force === true ? [] : [...state.resources.values()].filter((resource) => isInUse(resource, clientId));
  if (inUse.length === 0) return { done: {} };
  const listed = inUse.slice(0, LISTED).map(({ id, state: resourceState, request }) => `${id} (${resourceState}, of ${request.owner})`);
  const more = inUse.length > LISTED ? ` and ${inUse.length - LISTED} more` : '';
  return { error: { code: 'CONFLICT', message: `resources are in use: ${listed.join(', ')}${more}; release them, or set force` } };
};
