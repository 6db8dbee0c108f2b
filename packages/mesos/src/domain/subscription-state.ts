import type { MasterLocation } from '../detection/master-location.js';
import type { Event } from '../generated/protocol.js';
import type { TlsProblem } from '../http/connection-failure.js';
import type { LogLevel } from '../scheduler-client-settings.js';
import type { DisconnectCause, SchedulerNotice } from '../scheduler-notice.js';
import type { Backoff } from './backoff.js';

export interface SubscriptionSettings {
  readonly backoff: Backoff;
  readonly missedHeartbeats: number;
  readonly subscribeTimeoutMs: number;
  readonly onFrameworkRemoved: 'forget' | 'stop';
}

/** A stream is known by the number of the attempt that opened it; of two, the higher one is the later. */
export type ConnectionNumber = number;

export type Phase =
  /** For a leader to be known, and for `retryAt` (ms) to come. */
  | { readonly kind: 'waiting'; readonly retryAt: number }
  | {
      readonly kind: 'subscribing';
      readonly connection: ConnectionNumber;
      readonly master: MasterLocation;
      /** Without one it is a new framework that subscribes. */
      readonly frameworkId: string | undefined;
      readonly deadline: number;
      readonly streamId?: string | undefined;
    }
  | {
      readonly kind: 'subscribed';
      readonly connection: ConnectionNumber;
      readonly master: MasterLocation;
      readonly since: number;
      readonly lastEventAt: number;
      readonly heartbeatIntervalMs: number;
    }
  | { readonly kind: 'stopped' };

export interface SubscriptionState {
  readonly settings: SubscriptionSettings;
  readonly phase: Phase;
  readonly leader: MasterLocation | undefined;
  /** Who led at the last attempt. */
  readonly tried: MasterLocation | undefined;
  readonly frameworkId: string | undefined;
  readonly lastConnection: ConnectionNumber;
  /** Attempts and subscriptions that failed in a row: how long the next wait is. */
  readonly failures: number;
  /** Subscriptions in a row that did not hold. */
  readonly shortLived: number;
  /** Redirects followed in a row. */
  readonly redirects: number;
}

export type SubscriptionEvent =
  /** Detection says who leads. */
  | { readonly type: 'leader'; readonly leader: MasterLocation | undefined }
  /** The answer was 200; the stream begins. */
  | { readonly type: 'opened'; readonly connection: ConnectionNumber; readonly streamId: string | undefined }
  /** The answer was another one. `redirect` is where a 307 leads to, `http(s)://host:port`. */
  | {
      readonly type: 'refused';
      readonly connection: ConnectionNumber;
      readonly status: number;
      readonly redirect?: string | undefined;
      readonly text: string;
    }
  /** `bytes`: what the event took on the wire, for whoever bounds what waits. */
  | { readonly type: 'event'; readonly connection: ConnectionNumber; readonly event: Event; readonly bytes?: number }
  /** Not an event, but it shows that the stream lives. */
  | { readonly type: 'alive'; readonly connection: ConnectionNumber }
  /** The stream broke or cannot be read on, or it must be given up. */
  | {
      readonly type: 'lost';
      readonly connection: ConnectionNumber;
      readonly reason: string;
      readonly cause?: DisconnectCause | undefined;
      readonly tlsProblem?: TlsProblem | undefined;
    }
  | { readonly type: 'tick' }
  | { readonly type: 'stop' };

export type SubscriptionEffect =
  | { readonly type: 'subscribe'; readonly connection: ConnectionNumber; readonly url: string; readonly frameworkId: string | undefined }
  | { readonly type: 'close'; readonly connection: ConnectionNumber }
  /** `connection` is the stream that the notice is about. */
  | {
      readonly type: 'notify';
      readonly connection: ConnectionNumber;
      readonly notice: SchedulerNotice;
      readonly bytes?: number | undefined;
    }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields?: Record<string, unknown> }
  /** No more notices. */
  | { readonly type: 'end' };

export interface SubscriptionStep {
  readonly state: SubscriptionState;
  /** In order. */
  readonly effects: readonly SubscriptionEffect[];
}

export const initialSubscription = (settings: SubscriptionSettings, frameworkId: string | undefined): SubscriptionState => ({
  settings,
  phase: { kind: 'waiting', retryAt: 0 },
  leader: undefined,
  tried: undefined,
  frameworkId,
  lastConnection: 0,
  failures: 0,
  shortLived: 0,
  redirects: 0,
});
