import type { Envelope } from '@streams-on-mesos/messages';

/** A message in hand. Exactly one of ack, reject and requeue is called; later calls, and calls after its channel closed, do nothing. */
export interface Delivery {
  readonly envelope: Envelope;
  readonly redelivered: boolean;
  readonly replyTo?: string;
  ack(): void;
  /** It can never be handled: goes to the dead-letter queue with the reason, or nowhere if its queue has none. */
  reject(reason: string): void;
  requeue(): void;
}

export interface PublishOptions {
  /** Default: a new UUID. */
  readonly id?: string;
  /** Default: the id. */
  readonly traceId?: string;
  readonly deadlineMs?: number;
  /** Default: whether the queue is durable. */
  readonly persistent?: boolean;
  readonly replyTo?: string;
}

export type PublishFailure = 'not-connected' | 'overloaded' | 'returned' | 'nacked' | 'connection-lost';

/** `not-connected` and `overloaded` (too many unconfirmed): surely not sent. `returned`: no queue took it. `nacked` and `connection-lost`: nobody knows. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(
    readonly reason: PublishFailure,
    message: string,
  ) {
    super(message);
  }
}
