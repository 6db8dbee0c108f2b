import type { Offer } from '@streams-on-mesos/mesos';
import { desiredInForce } from '../allocation-in-force.js';
import type { DriverState } from '../driver-state.js';
import { wantsOffers } from '../roles/role-directives.js';
import type { Effect } from '../effects.js';
import { endOffers, handedOutBy, handedToOthers, handOut, roleOf, type OfferEnd, type OutstandingOffer } from './outstanding-offers.js';

/** Effects that tell an observer how offers ended. */
export const ended = (offers: readonly OutstandingOffer[], how: OfferEnd['how'], now: number): Effect[] =>
  offers.length === 0 ? [] : [{ type: 'offers-ended', how, agesMs: offers.map(({ handedAt }) => now - handedAt) }];

const decline = (offerIds: readonly string[], refuseSeconds: number): Effect[] =>
  offerIds.length === 0 ? [] : [{ type: 'call-mesos', call: { kind: 'decline', offerIds, refuseSeconds } }];

/** Hands offers out to whoever wants them, at once and in batches, and declines the others: none is ever kept. */
export const receiveOffers = (state: DriverState, received: readonly Offer[], now: number): Effect[] => {
  const { allocation, offers, settings, subscription } = state;
  const term = allocation.term;
  if (subscription === undefined) return [];
  const fresh = received.filter(({ id }) => !offers.outstanding.has(id.value));
  const wanted = new Set(term === undefined ? [] : settings.roles.filter((role) => wantsOffers(state, role)));
  const taken = fresh.filter((offer) => wanted.has(roleOf(offer)));
  const left = fresh.filter((offer) => !wanted.has(roleOf(offer)));
  const effects: Effect[] = [];
  for (let from = 0; term !== undefined && from < taken.length; from += settings.offersPerMessage) {
    const batch = taken.slice(from, from + settings.offersPerMessage);
    for (const offer of batch) handOut(offers, offer, term, now);
    effects.push({ type: 'announce', announcement: { offers: { subscription: subscription.id, allocation_term: term, offers: batch } } });
  }
  // A role that its leader does not want is declined for long, since a REVIVE ends that; else somebody may want it any moment.
  const idle = state.brokerUp && desiredInForce(allocation) !== undefined;
  const refusal = idle ? settings.idleRefusalSecs : settings.shortRefusalSecs;
  return [
    ...effects,
    ...decline(
      left.map(({ id }) => id.value),
      refusal,
    ),
  ];
};

/** Takes outstanding offers back and declines them. `announce`: whoever was handed them may still count on them. */
export const withdraw = (
  state: DriverState,
  ids: readonly string[],
  options: { readonly how?: 'withdrawn' | 'expired'; readonly refuseSeconds: number; readonly announce: boolean },
  now: number,
): Effect[] => {
  const how = options.how ?? 'withdrawn';
  const withdrawn = endOffers(state.offers, ids, { how });
  const offerIds = withdrawn.map(({ id }) => id);
  return [
    ...decline(offerIds, options.refuseSeconds),
    ...(options.announce ? announceRescinds(state, offerIds) : []),
    ...ended(withdrawn, how, now),
  ];
};

const announceRescinds = ({ subscription }: DriverState, offerIds: readonly string[]): Effect[] =>
  subscription === undefined || offerIds.length === 0
    ? []
    : [{ type: 'announce', announcement: { rescinds: { subscription: subscription.id, offer_ids: [...offerIds] } } }];

/** Mesos took an offer back. It travels behind the offer on the same queue, so it overtakes nothing. */
export const rescind = (state: DriverState, offerId: string, now: number): Effect[] => {
  const rescinded = endOffers(state.offers, [offerId], { how: 'rescinded' });
  return [
    ...announceRescinds(
      state,
      rescinded.map(({ id }) => id),
    ),
    ...ended(rescinded, 'rescinded', now),
  ];
};

/** Declines what nobody has answered in time: a held offer starves the other frameworks. */
export const expireOffers = (state: DriverState, now: number): Effect[] => {
  const { offerHoldMs, shortRefusalSecs } = state.settings;
  const overdue = handedOutBy(state.offers, now - offerHoldMs);
  return withdraw(state, overdue, { how: 'expired', refuseSeconds: shortRefusalSecs, announce: true }, now);
};

/** Declines what was handed to a term that is no longer in force; offered again at once, for the next one may want it. */
export const withdrawFromOthers = (state: DriverState, now: number): Effect[] =>
  withdraw(state, handedToOthers(state.offers, state.allocation.term), { refuseSeconds: 0, announce: false }, now);

/** Declines everything that is outstanding. */
export const withdrawAll = (state: DriverState, refuseSeconds: number, now: number): Effect[] =>
  withdraw(state, [...state.offers.outstanding.keys()], { refuseSeconds, announce: false }, now);
