import type { Reply, ValidateStop } from '@streams-on-mesos/messages';
import type { Resource, State } from '../model.js';
import { hasEnded } from '../resources.js';

const LISTED = 10;

/** What is being stopped counts until it has ended: who knows how to stop it may go away with its client. */
const inUseBy = (state: State, clientId: string): Resource[] =>
  state.requests.resourcesOf(clientId).filter((resource) => !hasEnded(resource));

/**
 * Whether a client may go away: not while it has resources or waits for some, unless it is forced. Message CDISR6020E
 * (ERR_RM_ACTIVELY_MANAGING_RESOURCES) of the product.
 */
export const validateStop = (state: State, { client_id: clientId, force }: ValidateStop): Omit<Reply, 'in_reply_to'> => {
  const inUse = force === true ? [] : inUseBy(state, clientId);
  if (inUse.length === 0) return { done: {} };
  const listed = inUse.slice(0, LISTED).map(({ id, state: resourceState }) => `${id} (${resourceState})`);
  const more = inUse.length > LISTED ? ` and ${inUse.length - LISTED} more` : '';
  return { error: { code: 'CONFLICT', message: `resources are in use: ${listed.join(', ')}${more}; release them, or set force` } };
};
