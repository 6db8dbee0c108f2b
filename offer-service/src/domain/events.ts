import type { DisconnectCause, InverseOffer, Offer, TaskStatus } from '@streams-on-mesos/mesos';
import type { DesiredState, SchedulerCall } from '@streams-on-mesos/messages';
import type { Concern } from './effects.js';
import type { MasterLimits, OfferNeeds } from './roles/offer-needs.js';
import type { HeldUpdate, UpdateObstacle } from './updates/update-flow.js';

/** Why a subscription ended; undefined: this leadership is over. */
export type SubscriptionLoss = DisconnectCause | 'framework-removed' | 'failed-over';

/** Everything that can happen to the framework driver. */
export type DriverEvent =
  // from Mesos
  | {
      readonly type: 'subscribed';
      readonly frameworkId: string;
      /** URL of the leading master, as far as it told. */
      readonly master?: string | undefined;
      /** What the SUBSCRIBE call carried. */
      readonly suppressedRoles: readonly string[];
      readonly needs?: OfferNeeds | undefined;
      /** Default: it knows everything. */
      readonly masterLimits?: MasterLimits | undefined;
    }
  | { readonly type: 'disconnected'; readonly reason: string; readonly cause?: SubscriptionLoss | undefined }
  | { readonly type: 'offers'; readonly offers: readonly Offer[] }
  | { readonly type: 'rescind'; readonly offerId: string }
  | { readonly type: 'inverse-offers'; readonly inverseOffers: readonly InverseOffer[] }
  | { readonly type: 'rescind-inverse-offer'; readonly inverseOfferId: string }
  | {
      readonly type: 'failure';
      readonly agentId?: string | undefined;
      readonly executorId?: string | undefined;
      readonly status?: number | undefined;
    }
  | { readonly type: 'update'; readonly status: TaskStatus }
  | {
      readonly type: 'call-result';
      readonly concern: Concern;
      readonly result: 'sent' | 'not-sent' | 'unknown';
      readonly reason?: string | undefined;
    }
  // from ZooKeeper: allocation-service's term in force, undefined while it has no leader
  | { readonly type: 'allocation-term'; readonly term: number | undefined }
  // from the broker
  | { readonly type: 'broker'; readonly up: boolean }
  | { readonly type: 'hello'; readonly allocationTerm: number }
  | { readonly type: 'desired-state'; readonly desiredState: DesiredState }
  | {
      readonly type: 'call';
      readonly id: string;
      /** An instance, this one or another, may have had it before. */
      readonly redelivered: boolean;
      readonly deadlineMs?: number | undefined;
      readonly call: SchedulerCall;
    }
  | { readonly type: 'offers-unpublished'; readonly offerIds: readonly string[]; readonly reason: string }
  | { readonly type: 'update-published'; readonly update: HeldUpdate }
  | { readonly type: 'update-unpublished'; readonly update: HeldUpdate; readonly obstacle: UpdateObstacle; readonly reason: string }
  | { readonly type: 'tick' };
