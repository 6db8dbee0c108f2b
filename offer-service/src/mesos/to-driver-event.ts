import type { Event } from '@streams-on-mesos/mesos';
import type { DriverEvent } from '../domain/events.js';

/** What an event of Mesos is to the driver; undefined for those that concern nothing of ours (operations, messages). */
export const toDriverEvent = (event: Event): DriverEvent | undefined => {
  if (event.offers !== undefined) return { type: 'offers', offers: event.offers.offers ?? [] };
  if (event.rescind !== undefined) return { type: 'rescind', offerId: event.rescind.offer_id.value };
  if (event.inverse_offers !== undefined) return { type: 'inverse-offers', inverseOffers: event.inverse_offers.inverse_offers ?? [] };
  if (event.rescind_inverse_offer !== undefined)
    return { type: 'rescind-inverse-offer', inverseOfferId: event.rescind_inverse_offer.inverse_offer_id.value };
  if (event.update !== undefined) return { type: 'update', status: event.update.status };
  if (event.failure !== undefined) {
    const { agent_id: agent, executor_id: executor, status } = event.failure;
    return { type: 'failure', agentId: agent?.value, executorId: executor?.value, status };
  }
  return undefined;
};
