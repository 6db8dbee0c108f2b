import type { Event, MasterInfo } from './generated/protocol.js';

/**
 * Why a subscription ended, in few words for whoever counts: another master leads; no heartbeat came; the master sent ERROR; the
 * stream ended, broke or could not be read; the connection for calls broke; the answer to a call said that there is no subscription.
 */
export type DisconnectCause = 'leader-changed' | 'heartbeats-missed' | 'error-event' | 'stream-lost' | 'calls-lost' | 'call-answer';

/** What a subscription tells its user, in order. */
export type SchedulerNotice =
  | {
      readonly kind: 'subscribed';
      readonly frameworkId: string;
      readonly heartbeatIntervalSeconds: number;
      readonly masterInfo?: MasterInfo | undefined;
      /** The subscription went out without a framework id, so no earlier task belongs to it. */
      readonly newFramework: boolean;
      readonly streamId: string;
    }
  /** Every event but SUBSCRIBED and HEARTBEAT. */
  | { readonly kind: 'event'; readonly event: Event }
  /** All offers are void, calls are `not-sent` from here on. The client reconnects by itself. */
  | { readonly kind: 'disconnected'; readonly reason: string; readonly cause: DisconnectCause }
  /** The id is of a removed framework: all its tasks are gone. The end, unless `onFrameworkRemoved` is `forget`. */
  | { readonly kind: 'framework-removed'; readonly frameworkId: string; readonly reason: string }
  /** Another instance subscribed with the same framework id. The end: subscribing again would only throw that one out. */
  | { readonly kind: 'failed-over'; readonly reason: string };
