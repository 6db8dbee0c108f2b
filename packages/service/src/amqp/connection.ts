import { randomUUID } from 'node:crypto';
import { encodeEnvelope, queueOptions, type Body, type Envelope, type QueueSpec, type Topology } from '@streams-on-mesos/messages';
import type { Registry } from 'prom-client';
import { componentLogger, type Logger } from '../log/logger.js';
import { amqpMetrics, type AmqpMetrics } from './amqp-metrics.js';
import { consumeOn, type ConsumerSpec } from './consumer.js';
import { PublishError, type Delivery, type PublishOptions } from './delivery.js';
import { AmqpLink } from './link.js';
import type { Publication } from './publish-frames.js';
import type { Settled } from './publisher.js';
import { ReconnectingLink } from './reconnecting-link.js';

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

const OWN_QUEUE_PREFETCH = 100;

/** A connection to RabbitMQ that reconnects by itself and then restores topology, consumers and reply queues. */
export class AmqpConnection {
  readonly #logger: Logger;
  readonly #metrics: AmqpMetrics;
  readonly #links: ReconnectingLink;

  private constructor(private readonly options: AmqpOptions) {
    const { url, topology, heartbeatSecs = 5, name = topology.eventsExchange } = options;
    const logger = componentLogger(options.logger, 'amqp');
    const metrics = amqpMetrics(options.metrics);
    const settled: Settled = (failure) => countPublished(metrics, failure);
    const open = () => AmqpLink.open({ url, heartbeatSecs, name, topology, logger, settled });
    this.#logger = logger;
    this.#metrics = metrics;
    this.#links = new ReconnectingLink({ open, signal: options.signal, logger, metrics });
  }

  /** Returns at once and connects in the background. */
  static connect(options: AmqpOptions): AmqpConnection {
    return new AmqpConnection(options);
  }

  get connected(): boolean {
    return this.#links.current !== undefined;
  }

  /** The broker is short of memory or disk and takes no publishes. */
  get blocked(): boolean {
    return this.#links.current?.blocked ?? false;
  }

  /** Rejects when `signal` aborts or the connection is closed. */
  whenConnected(signal?: AbortSignal): Promise<void> {
    return this.#links.whenConnected(signal);
  }

  /** Called at each (re)connection, once everything is declared; at once when connected already. Returns how to stop that. */
  onConnected(listener: () => void): () => void {
    return this.#links.onLink(() => listener());
  }

  onDisconnected(listener: (reason: string) => void): () => void {
    return this.#links.onDisconnected(listener);
  }

  /** Resolves once the broker has confirmed it and did not return it. @throws PublishError, or another when it can never be sent */
  publish(queue: QueueSpec, body: Body, options: PublishOptions = {}): Promise<Published> {
    return this.#publish(queue.name, body, { ...options, persistent: options.persistent ?? queue.durable });
  }

  /** As `publish`, without the promises, for what comes thousands of times a second. `settled` is told after this has returned. */
  send(queue: QueueSpec, body: Body, settled: Settled): void {
    this.#send(queue.name, body, { persistent: queue.durable }, settled);
  }

  /** To the reply queue that a delivery named. @throws PublishError, `returned` when the asker is gone; another when it can never be sent */
  publishReply(replyTo: string, body: Body, options: PublishOptions = {}): Promise<Published> {
    return this.#publish(replyTo, body, options);
  }

  /** To everybody who listens; nobody may. Never throws: a copy may get lost. */
  publishCopy(body: Body, options: PublishOptions = {}): void {
    const envelope = envelopeOf(body, options);
    this.#links.current?.publisher.publishUnconfirmed({
      exchange: this.options.topology.eventsExchange,
      routingKey: '',
      content: encodeEnvelope(envelope),
      properties: { messageId: envelope.id },
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

  close(): Promise<void> {
    return this.#links.close();
  }

  #consume(spec: Omit<ConsumerSpec, 'logger' | 'metrics'>): void {
    const stopListening = this.#links.onLink((link) => void consumeOn(link, { ...spec, logger: this.#logger, metrics: this.#metrics }));
    spec.signal.addEventListener('abort', stopListening, { once: true });
    if (spec.signal.aborted) stopListening();
  }

  #publish(routingKey: string, body: Body, options: PublishOptions): Promise<Published> {
    return new Promise((resolve, reject) => {
      const id = this.#send(routingKey, body, options, (failure) => (failure === undefined ? resolve({ id }) : reject(failure)));
    });
  }

  /** The body is encoded at once and let go of: until the broker confirms thousands of messages, only their bytes are kept. */
  #send(routingKey: string, body: Body, options: PublishOptions, settled: Settled): string {
    const { persistent = false, replyTo } = options;
    const envelope = envelopeOf(body, options);
    const { id } = envelope;
    const properties = replyTo === undefined ? { messageId: id, persistent } : { messageId: id, persistent, replyTo };
    const publication: Publication = { exchange: '', routingKey, content: encodeEnvelope(envelope), properties };
    const link = this.#links.current;
    if (link !== undefined) link.publisher.publish(publication, settled);
    else {
      const failure = new PublishError('not-connected', 'not connected to RabbitMQ');
      countPublished(this.#metrics, failure);
      process.nextTick(settled, failure);
    }
    return id;
  }
}

const countPublished = (metrics: AmqpMetrics, failure: Error | undefined): void => {
  if (failure === undefined) metrics.confirmed();
  else if (failure instanceof PublishError) metrics.published.inc({ result: failure.reason });
};

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
