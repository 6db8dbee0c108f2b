import type { InverseOffer, Offer, TaskStatus } from '@streams-on-mesos/mesos';

/** What a subscriber is sent. */
export type MesosEvent =
  | { readonly type: 'offers'; readonly offers: Offer[] }
  | { readonly type: 'rescind'; readonly offerId: string }
  | { readonly type: 'inverse-offers'; readonly inverseOffers: InverseOffer[] }
  | { readonly type: 'rescind-inverse-offer'; readonly inverseOfferId: string }
  | { readonly type: 'failure'; readonly agentId: string }
  | { readonly type: 'update'; readonly status: TaskStatus };

export type Subscriber = (event: MesosEvent) => void;
