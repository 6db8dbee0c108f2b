import type { InverseOffer } from '@streams-on-mesos/mesos';
import type { SchedulerCall } from '@streams-on-mesos/messages';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import { endInverseOffers, type InverseOfferEnd } from './outstanding-inverse-offers.js';

// Mesos asks for agents back that are to be maintained; the answer is advice to its operator, and changes nothing by itself
// (docs/maintenance.md, "Draining mode"). What to answer is decided by allocation-service.

const ended = (ids: readonly string[], how: InverseOfferEnd): Effect[] =>
  ids.length === 0 ? [] : [{ type: 'inverse-offers-ended', how, count: ids.length }];

const announce = ({ brokerUp, subscription }: DriverState, inverseOffers: readonly InverseOffer[]): Effect[] =>
  subscription === undefined || !brokerUp || inverseOffers.length === 0
    ? []
    : [{ type: 'announce', announcement: { inverse_offers: { subscription: subscription.id, inverse_offers: [...inverseOffers] } } }];

/** Hands them on; one that came before is not handed on again. */
export const receiveInverseOffers = (state: DriverState, received: readonly InverseOffer[], now: number): Effect[] => {
  const { inverseOffers, subscription } = state;
  if (subscription === undefined) return [];
  const fresh = received.filter(({ id }) => !inverseOffers.has(id.value));
  for (const offer of fresh) inverseOffers.set(offer.id.value, { offer, receivedAt: now });
  return announce(state, fresh);
};

/** Tells whoever leads allocation-service now, or has the broker back, of what is still to be answered. */
export const repeatInverseOffers = (state: DriverState): Effect[] =>
  announce(
    state,
    [...state.inverseOffers.values()].map(({ offer }) => offer),
  );

/** Handed on even when it is not outstanding: its answer may just be on the way, and what it announced no longer holds. */
export const rescindInverseOffer = (state: DriverState, id: string): Effect[] => {
  const { brokerUp, inverseOffers, subscription } = state;
  if (subscription === undefined) return [];
  const rescinded = ended(endInverseOffers(inverseOffers, [id]), 'rescinded');
  if (!brokerUp) return rescinded;
  const announcement = { rescinded_inverse_offers: { subscription: subscription.id, inverse_offer_ids: [id] } };
  return [{ type: 'announce', announcement }, ...rescinded];
};

/** Declines what nobody has answered in time, so that Mesos asks again. Nobody is told: the maintenance is not called off. */
export const expireInverseOffers = (state: DriverState, now: number): Effect[] => {
  const { inverseOffers, settings } = state;
  const overdue: string[] = [];
  for (const [id, { receivedAt }] of inverseOffers) {
    if (now - receivedAt < settings.offerHoldMs) break;
    overdue.push(id);
  }
  if (overdue.length === 0) return [];
  endInverseOffers(inverseOffers, overdue);
  const refuseSeconds = settings.inverseOfferRefusalSecs;
  return [
    { type: 'call-mesos', call: { kind: 'decline-inverse-offers', inverseOfferIds: overdue, refuseSeconds } },
    ...ended(overdue, 'expired'),
  ];
};

/** Those of an earlier subscription mean nothing to Mesos; it makes them anew (master.cpp, Master::_failoverFramework). */
export const voidInverseOffers = ({ inverseOffers }: DriverState): Effect[] =>
  ended(endInverseOffers(inverseOffers, [...inverseOffers.keys()]), 'void');

/** The answer in a call of allocation-service, if it has one. */
export const inverseAnswerOf = (
  call: SchedulerCall,
): { readonly how: 'accepted' | 'declined'; readonly answer: SchedulerCall.AnswerInverseOffers } | undefined => {
  if (call.accept_inverse_offers !== undefined) return { how: 'accepted', answer: call.accept_inverse_offers };
  if (call.decline_inverse_offers !== undefined) return { how: 'declined', answer: call.decline_inverse_offers };
  return undefined;
};

/** Sends an answer to those that are still outstanding; undefined: none is, so there is nothing to send. */
export const answerInverseOffers = (
  { inverseOffers }: DriverState,
  callId: string,
  { how, answer }: NonNullable<ReturnType<typeof inverseAnswerOf>>,
): Effect[] | undefined => {
  const ids = endInverseOffers(inverseOffers, new Set(answer.inverse_offer_ids));
  if (ids.length === 0) return undefined;
  const kind = how === 'accepted' ? 'accept-inverse-offers' : 'decline-inverse-offers';
  return [
    {
      type: 'call-mesos',
      call: { kind, inverseOfferIds: ids, refuseSeconds: answer.refuse_seconds },
      concern: { of: 'call', callId },
    },
    ...ended(ids, how),
  ];
};
