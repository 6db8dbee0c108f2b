import type { Offer } from '@streams-on-mesos/mesos';
import { BoundedMemory } from '../limits/bounded-memory.js';

/** An offer of the current subscription that was handed to allocation-service and not used, declined or rescinded since. */
export interface OutstandingOffer {
  readonly id: string;
  readonly agentId: string;
  readonly hostname: string;
  readonly role: string;
  /** The allocation term it was handed to; void for any other. */
  readonly allocationTerm: number;
  readonly handedAt: number;
}

/** What became of an offer. */
export type OfferEnd =
  | { readonly how: 'accepted'; readonly callId: string }
  /** declined by allocation-service; withdrawn: declined by us; expired: nobody answered in time; void: the subscription ended */
  | { readonly how: 'declined' | 'withdrawn' | 'expired' | 'rescinded' | 'void' };

export interface OutstandingOffers {
  /** In the order in which they were handed out. */
  readonly outstanding: Map<string, OutstandingOffer>;
  /** How many of them, by allocation term. */
  readonly handedTo: Map<number, number>;
  readonly ended: BoundedMemory<OfferEnd>;
}

export const noOffers = (remembered: number): OutstandingOffers => ({
  outstanding: new Map(),
  handedTo: new Map(),
  ended: new BoundedMemory(remembered),
});

/** The role an offer is made to; before MULTI_ROLE offers did not say. */
export const roleOf = (offer: Offer): string => offer.allocation_info?.role ?? '*';

const count = ({ handedTo }: OutstandingOffers, allocationTerm: number, change: 1 | -1): void => {
  const left = (handedTo.get(allocationTerm) ?? 0) + change;
  if (left === 0) handedTo.delete(allocationTerm);
  else handedTo.set(allocationTerm, left);
};

export const handOut = (offers: OutstandingOffers, offer: Offer, allocationTerm: number, now: number): void => {
  if (offers.outstanding.has(offer.id.value)) return;
  count(offers, allocationTerm, 1);
  offers.outstanding.set(offer.id.value, {
    id: offer.id.value,
    agentId: offer.agent_id.value,
    hostname: offer.hostname,
    role: roleOf(offer),
    allocationTerm,
    handedAt: now,
  });
};

/** Ends those of the offers that are outstanding, and returns them. */
export const endOffers = (offers: OutstandingOffers, ids: Iterable<string>, end: OfferEnd): OutstandingOffer[] => {
  const ended: OutstandingOffer[] = [];
  for (const id of ids) {
    const offer = offers.outstanding.get(id);
    if (offer === undefined) continue;
    offers.outstanding.delete(id);
    count(offers, offer.allocationTerm, -1);
    offers.ended.set(id, end);
    ended.push(offer);
  }
  return ended;
};

/** Ids of the offers handed out at or before `handedUntil`. */
export const handedOutBy = ({ outstanding }: OutstandingOffers, handedUntil: number): string[] => {
  const ids: string[] = [];
  for (const offer of outstanding.values()) {
    if (offer.handedAt > handedUntil) break;
    ids.push(offer.id);
  }
  return ids;
};

/** Ids of the offers handed to another term than the one given; asked at each call, so it looks at offers only when there are any. */
export const handedToOthers = ({ outstanding, handedTo }: OutstandingOffers, allocationTerm: number | undefined): string[] => {
  const own = allocationTerm === undefined ? 0 : (handedTo.get(allocationTerm) ?? 0);
  if (own === outstanding.size) return [];
  return [...outstanding.values()].filter((offer) => offer.allocationTerm !== allocationTerm).map(({ id }) => id);
};

/** Why a call cannot use this offer, in words for a log. */
export const whyUnusable = (offers: OutstandingOffers, id: string): string => {
  const end = offers.ended.get(id);
  if (end === undefined) return `offer ${id} is not outstanding`;
  return `offer ${id} is ${end.how === 'accepted' ? `used by call ${end.callId}` : end.how}`;
};

/** An ACCEPT takes all its offers or none, so one that is known to have gone elsewhere proves that it was never sent. */
export const provesUnsent = (offers: OutstandingOffers, callId: string, id: string): boolean => {
  if (offers.outstanding.has(id)) return true;
  const end = offers.ended.get(id);
  return end !== undefined && !(end.how === 'accepted' && end.callId === callId);
};
