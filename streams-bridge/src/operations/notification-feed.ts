import type { Reply } from '@streams-on-mesos/messages';
import type { NotificationPage } from '../domain/notifications.js';
import { notificationPage } from '../domain/notifications.js';
import type { AskAllocation } from './ask-allocation.js';
import type { ClientEventCopies } from '../amqp/client-event-copies.js';

export interface NotificationRequest {
  /** Only what has a greater number. */
  readonly after: number;
  readonly clientId: string | undefined;
  /** How long to wait for something to tell. */
  readonly waitMs: number;
  /** Its abort ends the waiting: nobody listens any more. */
  readonly signal: AbortSignal;
  readonly traceId: string;
}

/** How often a waiting reader looks for itself: a copy of an event may have been lost. */
const LOOK_AGAIN_MS = 10_000;

/** Reads each client's event sequence, which is allocation-service's: nothing is kept here, so nothing can be lost here. */
export class NotificationFeed {
  readonly #ask: AskAllocation;
  readonly #copies: ClientEventCopies;
  readonly #resourceType: string;

  constructor(ask: AskAllocation, copies: ClientEventCopies, resourceType: string) {
    this.#ask = ask;
    this.#copies = copies;
    this.#resourceType = resourceType;
  }

  /** Answers as soon as there is anything, with an empty page at the end of the wait. @throws ProtocolError 503 */
  async read({ after, clientId, waitMs, signal, traceId }: NotificationRequest): Promise<NotificationPage> {
    const endsAt = Date.now() + waitMs;
    for (;;) {
      // Listening before asking: an event that comes between the two is heard.
      const listening = this.#copies.nextEvent(clientId);
      try {
        const events = await this.#readEvents(after, clientId, traceId);
        const left = endsAt - Date.now();
        if (!isEmpty(events) || left <= 0 || signal.aborted) return notificationPage(events, this.#resourceType);
        await listening.within(Math.min(left, LOOK_AGAIN_MS), signal);
      } finally {
        listening.stop();
      }
    }
  }

  async #readEvents(after: number, clientId: string | undefined, traceId: string): Promise<Reply.Events> {
    const reply = await this.#ask({ read_events: { after, ...(clientId === undefined ? {} : { client_id: clientId }) } }, traceId);
    return reply.events ?? { sequence: after };
  }
}

const isEmpty = ({ events = [], snapshot }: Reply.Events): boolean => events.length === 0 && snapshot === undefined;
