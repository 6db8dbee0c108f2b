import type { InverseOffer, Offer, TaskStatus } from '@streams-on-mesos/mesos';
import type {
  Allocate,
  Cancel,
  QueryResources,
  ReadEvents,
  Release,
  Settle,
  Subscription,
  ValidateStop,
  Workload,
} from '@streams-on-mesos/messages';
import type { ScalingConfig } from './scaling/scaling-config.js';

/** What a streams-bridge asks; tagged by the name of the Envelope's body. */
export type RequestBody =
  | { readonly kind: 'allocate'; readonly allocate: Allocate }
  | { readonly kind: 'settle'; readonly settle: Settle }
  | { readonly kind: 'release'; readonly release: Release }
  | { readonly kind: 'cancel'; readonly cancel: Cancel }
  | { readonly kind: 'validate_stop'; readonly validate_stop: ValidateStop }
  | { readonly kind: 'query_resources'; readonly query_resources: QueryResources }
  | { readonly kind: 'read_events'; readonly read_events: ReadEvents };

/** A request as it arrived, however often: the same message may come again and gets the same answer. */
export interface RequestEvent {
  readonly type: 'request';
  readonly messageId: string;
  /** The queue of the asker; undefined: nobody waits for an answer. */
  readonly replyTo: string | undefined;
  /** Epoch milliseconds; after it nobody waits for the effect. */
  readonly deadlineMs?: number | undefined;
  readonly traceId: string;
  readonly body: RequestBody;
}

/** The new scaling config, from HTTP; answered by a reply effect with `replyTo` 'http:<messageId>'. */
export interface PutConfigEvent {
  readonly type: 'put-config';
  readonly messageId: string;
  readonly config: ScalingConfig;
}

export interface SubscribedEvent {
  readonly type: 'subscribed';
  readonly subscription: Subscription;
  readonly frameworkId: string;
  /** The allocation-service term whose hello this answers. */
  readonly answersTerm?: number | undefined;
  readonly master?: string | undefined;
}

export interface OffersEvent {
  readonly type: 'offers';
  readonly subscription: Subscription;
  /** The term that the offers are handed to; void for any other. */
  readonly allocationTerm: number;
  readonly offers: readonly Offer[];
}

/** Agents that Mesos asks back, because they are to be maintained. */
export interface InverseOffersEvent {
  readonly type: 'inverse-offers';
  readonly subscription: Subscription;
  readonly inverseOffers: readonly InverseOffer[];
}

export interface UpdateEvent {
  readonly type: 'update';
  readonly subscription: Subscription;
  /** Position in the subscription, over all tasks. */
  readonly sequence: number;
  readonly status: TaskStatus;
}

export interface FailureEvent {
  readonly type: 'failure';
  readonly subscription: Subscription;
  readonly agentId?: string | undefined;
  readonly executorId?: string | undefined;
}

export interface CallAnsweredEvent {
  readonly type: 'call-answered';
  readonly callId: string;
  readonly result: 'SENT' | 'NOT_SENT' | 'UNKNOWN';
  readonly reason?: string | undefined;
}

/** The answer to a ResolveWorkload; without a workload it could not be resolved. */
export interface WorkloadResolvedEvent {
  readonly type: 'workload-resolved';
  readonly askId: string;
  readonly workload?: Workload | undefined;
  readonly error?: string | undefined;
}

/** The answer to a RunStopHook; without an error the task is about to end by itself. */
export interface StopHookRunEvent {
  readonly type: 'stop-hook-run';
  readonly askId: string;
  readonly error?: string | undefined;
}

/** An operator's word that tasks which no record knows are to be kept: they become resources. */
export interface AdoptUnknownTasksEvent {
  readonly type: 'adopt-unknown-tasks';
  readonly messageId: string;
}

/** An operator's word that tasks which no record knows are not to be kept, also after a state that began empty. */
export interface KillUnknownTasksEvent {
  readonly type: 'kill-unknown-tasks';
  readonly messageId: string;
}

/** An operator's word that nobody is to avoid the agent any longer: what made tasks die there early was repaired. */
export interface ReturnAgentEvent {
  readonly type: 'return-agent';
  readonly messageId: string;
  readonly agentId: string;
}

/** Everything that can happen to allocation-service. */
export type DomainEvent =
  /** The state is loaded and this instance leads; always the first event of a term. */
  | { readonly type: 'leading'; readonly term: number }
  /** The broker is back after an absence: what was sent meanwhile may be lost. */
  | { readonly type: 'reconnected' }
  | { readonly type: 'tick' }
  | SubscribedEvent
  | { readonly type: 'unsubscribed'; readonly subscription: Subscription; readonly reason?: string | undefined }
  | OffersEvent
  | { readonly type: 'rescinds'; readonly subscription: Subscription; readonly offerIds: readonly string[] }
  | InverseOffersEvent
  | { readonly type: 'rescinded-inverse-offers'; readonly subscription: Subscription; readonly inverseOfferIds: readonly string[] }
  | FailureEvent
  | UpdateEvent
  | CallAnsweredEvent
  | WorkloadResolvedEvent
  | StopHookRunEvent
  | RequestEvent
  | PutConfigEvent
  | ReturnAgentEvent
  | KillUnknownTasksEvent
  | AdoptUnknownTasksEvent;
