import type { Offer, TaskStatus } from '@streams-on-mesos/mesos';
import type {
  CallAnswer,
  Failure,
  InverseOffers,
  Offers,
  RescindedInverseOffers,
  Rescinds,
  Subscribed,
  Unsubscribed,
} from '@streams-on-mesos/messages';
import type { InverseOfferEnd } from './inverse-offers/outstanding-inverse-offers.js';
import type { OfferNeeds } from './roles/offer-needs.js';
import type { OfferEnd } from './offers/outstanding-offers.js';
import type { HeldUpdate } from './updates/update-flow.js';

export interface TaskOnAgent {
  readonly taskId: string;
  readonly agentId?: string | undefined;
}

/** A call to Mesos. */
export type MesosCall =
  | {
      readonly kind: 'accept';
      readonly offerIds: readonly string[];
      readonly operations: readonly Offer.Operation[];
      readonly refuseSeconds?: number | undefined;
    }
  | { readonly kind: 'decline'; readonly offerIds: readonly string[]; readonly refuseSeconds?: number | undefined }
  | {
      readonly kind: 'accept-inverse-offers' | 'decline-inverse-offers';
      readonly inverseOfferIds: readonly string[];
      readonly refuseSeconds?: number | undefined;
    }
  | {
      readonly kind: 'kill';
      readonly taskId: string;
      readonly agentId?: string | undefined;
      readonly graceSeconds?: number | undefined;
    }
  /** No tasks: implicit, for all of the framework's. */
  | { readonly kind: 'reconcile'; readonly tasks: readonly TaskOnAgent[] }
  | { readonly kind: 'suppress'; readonly roles: readonly string[] }
  | { readonly kind: 'revive'; readonly roles: readonly string[] }
  /** Replaces all of it. */
  | { readonly kind: 'update-framework'; readonly suppressedRoles: readonly string[]; readonly needs: OfferNeeds }
  | { readonly kind: 'acknowledge'; readonly status: TaskStatus }
  | { readonly kind: 'teardown' };

/** What waits for the result of a call to Mesos. */
export type Concern =
  | { readonly of: 'call'; readonly callId: string }
  | { readonly of: 'roles'; readonly roles: readonly string[] }
  /** `counter`: of the subscription it was told in. */
  | { readonly of: 'needs'; readonly needs: OfferNeeds; readonly counter: number };

/** What is published transiently; exactly one is set. */
export interface Announcement {
  readonly subscribed?: Subscribed;
  readonly unsubscribed?: Unsubscribed;
  readonly offers?: Offers;
  readonly rescinds?: Rescinds;
  readonly failure?: Failure;
  readonly inverse_offers?: InverseOffers;
  readonly rescinded_inverse_offers?: RescindedInverseOffers;
}

/** What the driver wants done, in this order. Each is begun at once; none is waited for. */
export type Effect =
  | { readonly type: 'call-mesos'; readonly call: MesosCall; readonly concern?: Concern }
  | { readonly type: 'announce'; readonly announcement: Announcement }
  /** Publish it persistently; the driver acknowledges it once 'update-published' came back. */
  | { readonly type: 'publish-update'; readonly update: HeldUpdate }
  | { readonly type: 'answer'; readonly answer: CallAnswer }
  | { readonly type: 'offers-ended'; readonly how: OfferEnd['how']; readonly agesMs: readonly number[] }
  | { readonly type: 'inverse-offers-ended'; readonly how: InverseOfferEnd; readonly count: number }
  /** Not acknowledged and not held: `resent` by its agent, `reconciled` later because nobody sends it again, or a `duplicate` of one in hand. */
  | { readonly type: 'update-dropped'; readonly because: 'resent' | 'reconciled' | 'duplicate' }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };
