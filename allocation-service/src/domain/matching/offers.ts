import type { Offer } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { declineOffers } from '../decline.js';
import { holdForWorkload } from '../deferred/deferred-workload.js';
import { needsWorkload, shareOffers } from '../deferred/share-offers.js';
import { onOffersSeen, repeatSuppression } from '../demand/demand.js';
import type { OffersEvent } from '../events.js';
import { acceptOffer } from '../launching/launching.js';
import { sameSubscription } from '../positions.js';
import { noteUnavailability } from '../maintenance/offered.js';
import { isEarmarked } from '../earmarks/earmark.js';
import { matchOffers } from './matching.js';

/**
 * Offers are used at once or declined at once, for long: none is held, but for the short time in which a start command is
 * made for its host.
 */
export const onOffers = (context: Context, event: OffersEvent): void => {
  const { state } = context;
  const { leader, settings } = state;
  const isFresh = leader.connected && leader.greeted && sameSubscription(event.subscription, leader.subscription);
  // What was handed to another term or in another subscription is declined by the hello, or void.
  if (!isFresh || event.allocationTerm !== leader.term) return;
  const offers = takeNew(context, event.offers);
  if (offers.length === 0) return;
  noteUnavailability(context, offers);
  onOffersSeen(context);
  if (state.waiting.size === 0) repeatSuppression(context);
  const unused: string[] = [];
  const unusedOfEarmarked: string[] = [];
  for (const use of shareOffers(context, matchOffers(context, offers))) {
    if (use.matches.length === 0) (isEarmarked(state, use.agent.id) ? unusedOfEarmarked : unused).push(...use.offerIds);
    else if (needsWorkload(use)) holdForWorkload(context, use);
    else acceptOffer(context, use);
  }
  declineOffers(context, unused);
  declineOffers(context, unusedOfEarmarked, settings.earmarkedDeclineSecs);
};

/** A redelivered offer or inverse offer was used or answered before. */
export const takeNew = <T extends Pick<Offer, 'id'>>({ state, now }: Context, offers: readonly T[]): T[] =>
  offers.filter(({ id }) => state.leader.handledOffers.add(id.value, now));
