import type { Topology } from '@streams-on-mesos/messages';
import { PublishError, type AmqpConnection, type Logger } from '@streams-on-mesos/service';
import type { Announcement } from '../domain/effects.js';
import type { DriverEvent } from '../domain/events.js';
import type { HeldUpdate, UpdateObstacle } from '../domain/updates/update-flow.js';

const WARN_INTERVAL_MS = 10_000;

type Handle = (event: DriverEvent) => void;

/** Publishes what the driver has to say; begins each at once, in the order of the calls, and reports what became of it. */
export class DriverPublisher {
  private failures = 0;
  private silentUntil = 0;

  constructor(
    private readonly amqp: AmqpConnection,
    private readonly topology: Topology,
    private readonly logger: Logger,
  ) {}

  /** Transient. Offers that did not get through come back as `offers-unpublished`; the rest is said again in time. */
  announce(announcement: Announcement, handle: Handle): void {
    // only this is kept until the broker confirms it, and not thousands of offers
    const what = Object.keys(announcement);
    const offerIds = announcement.offers?.offers?.map(({ id }) => id.value);
    this.amqp.publish(this.topology.offers, announcement).catch((error: unknown) => {
      const reason = messageOf(error);
      this.warn(what, reason);
      if (offerIds !== undefined) handle({ type: 'offers-unpublished', offerIds, reason });
    });
  }

  /** Once in a while: a broker that is away or slow fails thousands of them a second. */
  private warn(what: readonly string[], reason: string): void {
    this.failures += 1;
    const now = performance.now();
    if (now < this.silentUntil) return;
    this.logger.warn({ what, reason, failures: this.failures }, 'announcements could not be published');
    this.failures = 0;
    this.silentUntil = now + WARN_INTERVAL_MS;
  }

  /** Persistent and confirmed. */
  publishUpdate(update: HeldUpdate, handle: Handle): void {
    const { subscription, sequence, status } = update;
    try {
      this.amqp.send(this.topology.updates, { update: { subscription, sequence, status } }, (failure) =>
        handle(failure === undefined ? { type: 'update-published', update } : unpublished(update, failure)),
      );
    } catch (error) {
      handle(unpublished(update, error));
    }
  }
}

const unpublished = (update: HeldUpdate, error: unknown): DriverEvent => ({
  type: 'update-unpublished',
  update,
  obstacle: obstacleOf(error),
  reason: messageOf(error),
});

/** Anything but a PublishError is a status that the contract cannot hold. A nack is about one message; the others are about the connection or the queue. */
const obstacleOf = (error: unknown): UpdateObstacle =>
  !(error instanceof PublishError) ? 'none' : error.reason === 'nacked' ? 'task' : 'queue';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
