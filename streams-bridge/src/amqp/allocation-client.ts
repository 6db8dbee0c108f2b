import { randomUUID } from 'node:crypto';
import type { Body, QueueSpec, Reply } from '@streams-on-mesos/messages';
import { PublishError, type AmqpConnection, type Delivery, type Logger } from '@streams-on-mesos/service';

/** No answer came in time: allocation-service or the broker is away, and nobody knows what was done. */
export class NotAnsweredError extends Error {
  override readonly name = 'NotAnsweredError';
}

export interface AllocationClientOptions {
  readonly amqp: AmqpConnection;
  readonly queue: QueueSpec;
  /** How long an answer may take, a change of the leader included. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const RETRY_PUBLISH_MS = 250;
/** An answer may get lost with the connection that carried it, or before the queue for it is there again. */
const ASK_AGAIN_MS = 5_000;

/** Asks allocation-service, again after each loss of the broker and now and then, until it answers or the time is up. */
export class AllocationClient {
  readonly #options: AllocationClientOptions;
  readonly #replyQueue: Promise<string>;
  readonly #waiting = new Map<string, (reply: Reply) => void>();

  constructor(options: AllocationClientOptions) {
    this.#options = options;
    this.#replyQueue = options.amqp.openReplyQueue((delivery) => this.#take(delivery), { signal: options.signal });
    // Each request that waits for the queue hears of it; without any, a stop at that moment is no error.
    this.#replyQueue.catch(() => undefined);
  }

  /** `traceId` is the id of the request that caused it. @throws NotAnsweredError */
  async ask(body: Body, traceId: string): Promise<Reply> {
    const { timeoutMs, signal } = this.#options;
    const id = randomUUID();
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(new NotAnsweredError(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    const stop = (): void => over.abort(new NotAnsweredError('this instance is being stopped'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await new Promise<Reply>((resolve, reject) => {
        over.signal.throwIfAborted();
        over.signal.addEventListener('abort', () => reject(over.signal.reason as Error), { once: true });
        this.#waiting.set(id, resolve);
        void this.#send(body, { id, traceId, deadlineMs: Date.now() + timeoutMs }, over.signal).catch(reject);
      });
    } finally {
      this.#waiting.delete(id);
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      over.abort();
    }
  }

  /** Every request may be repeated: what it asks for is done once. */
  async #send(body: Body, options: { id: string; traceId: string; deadlineMs: number }, signal: AbortSignal): Promise<void> {
    const { amqp, queue, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await amqp.whenConnected(signal);
        const replyTo = await this.#replyQueue;
        if (signal.aborted) return;
        await amqp.publish(queue, body, { ...options, replyTo });
        await this.#connectionLost(ASK_AGAIN_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof PublishError)) throw error;
        logger.warn({ reason: error.reason, traceId: options.traceId }, 'a request was not taken by the broker, sending it again');
        await this.#connectionLost(RETRY_PUBLISH_MS, signal);
      }
    }
  }

  /** Resolves when the connection is lost, but no later than after `limitMs`. */
  #connectionLost(limitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stopListening();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, limitMs);
      const stopListening = this.#options.amqp.onDisconnected(end);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
    });
  }

  #take(delivery: Delivery): void {
    const { reply } = delivery.envelope;
    if (reply !== undefined) this.#waiting.get(reply.in_reply_to)?.(reply);
  }
}
