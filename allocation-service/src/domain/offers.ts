import type { Offer } from '@streams-on-mesos/mesos';
import type { Context } from './context.js';
import { sendCall } from './context.js';
import { onOffersSeen, repeatSuppression } from './demand/demand.js';
import type { OffersEvent } from './events.js';
import { acceptOffer } from './launching.js';
import { matchOffers } from './matching.js';
import { sameSubscription } from './positions.js';
import { forgetHandledOffers } from './retention.js';

const TRACE = 'offers';

/**
 * Offers are used at once or declined at once, for long: none is held, so a rescind concerns only an ACCEPT that is on
 * its way, which Mesos then answers with TASK_DROPPED.
 */
export const onOffers = (context: Context, event: OffersEvent): void => {
  const { leader, waiting } = context.state;
  const isFresh = leader.connected && leader.greeted && sameSubscription(event.subscription, leader.subscription);
  // What was handed to another term or in another subscription is declined by the hello, or void.
  if (!isFresh || event.allocationTerm !== leader.term) return;
  const offers = takeNew(context, event.offers);
  if (offers.length === 0) return;
  onOffersSeen(context);
  if (waiting.size === 0) repeatSuppression(context);
  const unused: Offer[] = [];
  for (const use of matchOffers(context, offers)) {
    if (use.matches.length > 0) acceptOffer(context, use);
    else unused.push(use.offer);
  }
  decline(context, unused);
};

/** A redelivered offer was used or declined before. */
const takeNew = (context: Context, offers: readonly Offer[]): Offer[] => {
  const { handledOffers } = context.state.leader;
  forgetHandledOffers(context);
  const fresh = offers.filter((offer) => !handledOffers.has(offer.id.value));
  for (const offer of fresh) handledOffers.set(offer.id.value, context.now);
  return fresh;
};

const decline = (context: Context, offers: readonly Offer[]): void => {
  if (offers.length === 0) return;
  const call = { offer_ids: offers.map((offer) => offer.id.value), refuse_seconds: context.state.settings.declineSecs };
  sendCall(context, { decline: call }, TRACE);
};
