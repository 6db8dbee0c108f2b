import { randomUUID } from 'node:crypto';
import { encodeEnvelope, queueOptions, type Body, type Envelope, type QueueSpec, type Topology } from '@streams-on-mesos/messages';
import type { Registry } from 'prom-client';
import { backoffMs, pause } from '../backoff.js';
import { componentLogger, type Logger } from '../log/logger.js';
import { amqpMetrics, type AmqpMetrics } from './amqp-metrics.js';
import { consumeOn, type ConsumerSpec } from './consumer.js';
import { PublishError, type Delivery, type PublishOptions } from './delivery.js';
import { AmqpLink } from './link.js';
import type { Publication } from './publisher.js';

export interface AmqpOptions {
  readonly url: string;
  readonly topology: Topology;
  readonly logger: Logger;
  /** Its abort closes the connection. */
  readonly signal: AbortSignal;
  /** Default 5: at most half the ZooKeeper session timeout. */
  readonly heartbeatSecs?: number;
  readonly metrics?: Registry;
  /** How the broker's management names the connection. */
  readonly name?: string;
}

export interface ConsumeOptions {
  /** How many messages may be in hand at a time. */
  readonly prefetch: number;
  /** Its abort closes the consumer's channel; what is in hand goes back to the queue. */
  readonly signal: AbortSignal;
}

/** A message that the broker has confirmed. */
export interface Published {
  readonly id: string;
}

export type DeliveryHandler = (delivery: Delivery) => Promise<void> | void;

const RECONNECT = { firstMs: 200, maxMs: 5000 };
const OWN_QUEUE_PREFETCH = 100;

/** A connection to RabbitMQ that reconnects by itself and then restores topology, consumers and reply queues. */
export class AmqpConnection {
  readonly #connected = new Set<(link: AmqpLink) => void>();
  readonly #disconnected = new Set<(reason: string) => void>();
  readonly #closing = new AbortController();
  readonly #logger: Logger;
  readonly #metrics: AmqpMetrics;
  readonly #done: Promise<void>;
  #link: AmqpLink | undefined;

  private constructor(private readonly options: AmqpOptions) {
    this.#logger = componentLogger(options.logger, 'amqp');
    this.#metrics = amqpMetrics(options.metrics);
    this.#done = this.#stayConnected(AbortSignal.any([options.signal, this.#closing.signal]));
  }

  /** Returns at once and connects in the background. */
  static connect(options: AmqpOptions): AmqpConnection {
    return new AmqpConnection(options);
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** The broker is short of memory or disk and takes no publishes. */
  get blocked(): boolean {
    return this.#link?.blocked ?? false;
  }

  /** Rejects when `signal` aborts or the connection is closed. */
  async whenConnected(signal?: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([this.options.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    stop.throwIfAborted();
    if (this.connected) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stopListening();
        stop.removeEventListener('abort', done);
        resolve();
      };
      const stopListening = this.#onLink(done);
      stop.addEventListener('abort', done);
    });
    stop.throwIfAborted();
  }

  /** Called at each (re)connection, once everything is declared; at once when connected already. Returns how to stop that. */
  onConnected(listener: () => void): () => void {
    return this.#onLink(() => listener());
  }

  onDisconnected(listener: (reason: string) => void): () => void {
    this.#disconnected.add(listener);
    return () => this.#disconnected.delete(listener);
  }

  /** Resolves once the broker has confirmed it and did not return it. @throws PublishError */
  publish(queue: QueueSpec, body: Body, options: PublishOptions = {}): Promise<Published> {
    return this.#publish(queue.name, body, { ...options, persistent: options.persistent ?? queue.durable });
  }

  /** To the reply queue that a delivery named. @throws PublishError, `returned` when the asker is gone */
  publishReply(replyTo: string, body: Body, options: PublishOptions = {}): Promise<Published> {
    return this.#publish(replyTo, body, options);
  }

  /** To everybody who listens; nobody may. Never throws: a copy may get lost. */
  publishCopy(body: Body, options: PublishOptions = {}): void {
    const envelope = envelopeOf(body, options);
    this.#link?.publisher.publishUnconfirmed({
      exchange: this.options.topology.eventsExchange,
      routingKey: '',
      content: encodeEnvelope(envelope),
      options: { messageId: envelope.id },
    });
  }

  /** Hands the queue's messages to `handler` whenever connected, until the signal aborts. */
  consume(queue: QueueSpec, handler: DeliveryHandler, { prefetch, signal }: ConsumeOptions): void {
    this.#consume({
      declare: async (channel) => (await channel.assertQueue(queue.name, queueOptions(queue))).queue,
      deadLetterQueue: queue.deadLetterQueue,
      prefetch,
      settleAfterHandler: false,
      handler,
      signal,
    });
  }

  /** Opens an exclusive queue of its own, again under the same name after a reconnection. Resolves once it is there. */
  openReplyQueue(handler: DeliveryHandler, { signal }: { readonly signal: AbortSignal }): Promise<string> {
    const name = `${this.options.topology.requests.name}.replies.${randomUUID()}`;
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      if (signal.aborted) return reject(signal.reason as Error);
      this.#consume({
        declare: async (channel) => (await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false })).queue,
        prefetch: OWN_QUEUE_PREFETCH,
        settleAfterHandler: true,
        handler,
        onConsuming: resolve,
        signal,
      });
    });
  }

  /** Receives the copies published from now on, while connected. */
  bindCopies(handler: DeliveryHandler, { signal }: { readonly signal: AbortSignal }): void {
    this.#consume({
      declare: async (channel) => {
        const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false });
        await channel.bindQueue(queue, this.options.topology.eventsExchange, '');
        return queue;
      },
      prefetch: OWN_QUEUE_PREFETCH,
      settleAfterHandler: true,
      handler,
      signal,
    });
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException('the connection to RabbitMQ is closed', 'AbortError'));
    await this.#done;
  }

  #consume(spec: Omit<ConsumerSpec, 'logger' | 'metrics'>): void {
    const stopListening = this.#onLink((link) => void consumeOn(link, { ...spec, logger: this.#logger, metrics: this.#metrics }));
    spec.signal.addEventListener('abort', stopListening, { once: true });
    if (spec.signal.aborted) stopListening();
  }

  #onLink(listener: (link: AmqpLink) => void): () => void {
    this.#connected.add(listener);
    if (this.#link !== undefined) listener(this.#link);
    return () => this.#connected.delete(listener);
  }

  /** The body is encoded at once and let go of: until the broker confirms thousands of messages, only their bytes are kept. */
  async #publish(routingKey: string, body: Body, options: PublishOptions): Promise<Published> {
    const envelope = envelopeOf(body, options);
    return this.#confirmed(envelope.id, {
      exchange: '',
      routingKey,
      content: encodeEnvelope(envelope),
      options: {
        messageId: envelope.id,
        persistent: options.persistent ?? false,
        ...(options.replyTo === undefined ? {} : { replyTo: options.replyTo }),
      },
    });
  }

  async #confirmed(id: string, publication: Publication): Promise<Published> {
    try {
      if (this.#link === undefined) throw new PublishError('not-connected', 'not connected to RabbitMQ');
      await this.#link.publisher.publish(publication);
      this.#metrics.published.inc({ result: 'confirmed' });
      return { id };
    } catch (error) {
      if (error instanceof PublishError) this.#metrics.published.inc({ result: error.reason });
      throw error;
    }
  }

  async #stayConnected(stop: AbortSignal): Promise<void> {
    const { url, topology, heartbeatSecs = 5, name = topology.eventsExchange } = this.options;
    let failures = 0;
    while (!stop.aborted) {
      try {
        const link = await AmqpLink.open({ url, heartbeatSecs, name, topology, logger: this.#logger });
        failures = 0;
        await this.#useLink(link, stop);
      } catch (error) {
        this.#logger.warn({ error, attempt: failures + 1 }, 'cannot connect to RabbitMQ, trying again');
      }
      failures++;
      await pause(backoffMs(failures, RECONNECT, Math.random()), stop);
    }
  }

  async #useLink(link: AmqpLink, stop: AbortSignal): Promise<void> {
    const over = AbortSignal.any([link.ended, stop]);
    if (!over.aborted) {
      this.#link = link;
      this.#metrics.connected.set(1);
      this.#metrics.connections.inc();
      this.#logger.info('connected to RabbitMQ');
      for (const listener of [...this.#connected]) this.#guarded(() => listener(link));
      await new Promise<void>((resolve) => {
        over.addEventListener('abort', () => resolve());
        if (over.aborted) resolve();
      });
      this.#link = undefined;
      this.#metrics.connected.set(0);
      const reason = stop.aborted ? 'closed from this side' : String(link.ended.reason);
      this.#logger[stop.aborted ? 'info' : 'warn']({ reason }, 'disconnected from RabbitMQ');
      for (const listener of [...this.#disconnected]) this.#guarded(() => listener(reason));
    }
    await link.close();
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#logger.error({ error }, 'a listener of the AMQP connection failed');
    }
  }
}

const envelopeOf = (body: Body, options: PublishOptions): Envelope => {
  const id = options.id ?? randomUUID();
  return {
    id,
    sent_at_ms: Date.now(),
    trace_id: options.traceId ?? id,
    ...(options.deadlineMs === undefined ? {} : { deadline_ms: options.deadlineMs }),
    ...body,
  };
};
