import type { InverseOffer } from '@streams-on-mesos/mesos';

/** An inverse offer of the current subscription that was neither answered nor rescinded. */
export interface OutstandingInverseOffer {
  readonly offer: InverseOffer;
  readonly receivedAt: number;
}

/** What became of an inverse offer. expired: declined by us, since nobody answered in time; void: the subscription ended. */
export type InverseOfferEnd = 'accepted' | 'declined' | 'expired' | 'rescinded' | 'void';

/** By id, in the order in which they came. They are handed to no term: any leader of allocation-service may answer them. */
export type OutstandingInverseOffers = Map<string, OutstandingInverseOffer>;

export const noInverseOffers = (): OutstandingInverseOffers => new Map();

/** Ends those of the inverse offers that are outstanding, and returns their ids. */
export const endInverseOffers = (outstanding: OutstandingInverseOffers, ids: Iterable<string>): string[] =>
  [...ids].filter((id) => outstanding.delete(id));
