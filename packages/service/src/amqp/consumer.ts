import { decodeEnvelope, type Envelope } from '@streams-on-mesos/messages';
import type { Channel, ConsumeMessage } from 'amqplib';
import { pause } from '../backoff.js';
import type { Logger } from '../log/logger.js';
import type { AmqpMetrics } from './amqp-metrics.js';
import type { Delivery } from './delivery.js';
import type { AmqpLink } from './link.js';

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 1000;

export interface ConsumerSpec {
  /** Declares what is consumed from and returns the queue's name. */
  readonly declare: (channel: Channel) => Promise<string>;
  readonly deadLetterQueue?: string | undefined;
  readonly prefetch: number;
  /** Acknowledge what the handler left unsettled. */
  readonly settleAfterHandler: boolean;
  readonly handler: (delivery: Delivery) => Promise<void> | void;
  readonly onConsuming?: (queue: string) => void;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly metrics: AmqpMetrics;
}

/** The messages of one queue on one channel. */
class ChannelConsumer {
  #open = true;

  constructor(
    private readonly spec: ConsumerSpec,
    private readonly link: AmqpLink,
    private readonly channel: Channel,
    private readonly queue: string,
  ) {}

  stop(): void {
    this.#open = false;
  }

  /** Once the signal aborts nothing is settled any more: another consumer may have the message by then. */
  get #live(): boolean {
    return this.#open && !this.spec.signal.aborted;
  }

  async receive(message: ConsumeMessage): Promise<void> {
    const { spec, queue } = this;
    if (!this.#live) return;
    const settle = this.#settleOnce(message);
    let envelope: Envelope;
    try {
      if (message.content.length > MAX_MESSAGE_BYTES) throw new Error(`larger than ${MAX_MESSAGE_BYTES} bytes`);
      envelope = decodeEnvelope(message.content);
    } catch (error) {
      await settle.reject((error as Error).message);
      return;
    }
    const replyTo: unknown = message.properties.replyTo;
    const delivery: Delivery = {
      envelope,
      redelivered: message.fields.redelivered,
      ...(typeof replyTo === 'string' ? { replyTo } : {}),
      ack: settle.ack,
      requeue: settle.requeue,
      reject: (reason) => void settle.reject(reason),
    };
    try {
      await spec.handler(delivery);
      if (spec.settleAfterHandler) settle.ack();
    } catch (error) {
      spec.metrics.handlerFailures.inc({ queue });
      spec.logger.error({ error, queue, id: envelope.id }, 'a message could not be handled, it goes back to its queue');
      // Not at once, or the same message would fail as fast as it can be delivered.
      await pause(RETRY_MS, spec.signal);
      settle.requeue();
    }
  }

  #settleOnce(message: ConsumeMessage): { ack: () => void; requeue: () => void; reject: (reason: string) => Promise<void> } {
    let settled = false;
    const once = (act: () => void): void => {
      if (settled || !this.#live) return;
      settled = true;
      act();
    };
    return {
      ack: () => once(() => this.channel.ack(message)),
      requeue: () => once(() => this.channel.nack(message, false, true)),
      reject: async (reason) => {
        if (settled || !this.#live) return;
        settled = true;
        const kept = await this.#deadLetter(message, reason);
        if (!this.#live) return;
        if (kept) this.channel.ack(message);
        else this.channel.nack(message, false, true);
      },
    };
  }

  /** Publishes it to the dead-letter queue with the reason, which the broker's own dead-lettering cannot add. */
  async #deadLetter(message: ConsumeMessage, reason: string): Promise<boolean> {
    const { spec, queue } = this;
    spec.logger.warn(
      { queue, reason, bytes: message.content.length, deadLetterQueue: spec.deadLetterQueue },
      'a message can never be handled',
    );
    spec.metrics.deadLettered.inc({ queue });
    if (spec.deadLetterQueue === undefined) return true;
    try {
      const publication = {
        exchange: '',
        routingKey: spec.deadLetterQueue,
        content: message.content,
        properties: { persistent: true, headers: { 'x-reason': reason.slice(0, 1000), 'x-queue': queue } },
      };
      await new Promise<void>((resolve, reject) => {
        this.link.publisher.publish(publication, (failure) => (failure === undefined ? resolve() : reject(failure)));
      });
      return true;
    } catch (error) {
      spec.logger.warn({ error, queue }, 'a message could not be dead-lettered, it goes back to its queue');
      await pause(RETRY_MS, spec.signal);
      return false;
    }
  }
}

/** Consumes on a channel until `stop` aborts, the channel ends, or the broker cancels. */
const consumeOnce = async (spec: ConsumerSpec, link: AmqpLink, stop: AbortSignal): Promise<void> => {
  const channel = await link.createChannel();
  const ended = new Promise<void>((resolve) => {
    channel.on('close', resolve);
    stop.addEventListener('abort', () => resolve(), { once: true });
    if (stop.aborted) resolve();
    channel.on('cancelled', resolve);
  });
  channel.on('error', (error: Error) => spec.logger.warn({ error }, 'a consumer lost its channel'));
  let consumer: ChannelConsumer | undefined;
  try {
    const queue = await spec.declare(channel);
    consumer = new ChannelConsumer(spec, link, channel, queue);
    const receiver = consumer;
    await channel.prefetch(spec.prefetch);
    await channel.consume(queue, (message) => {
      if (message === null) channel.emit('cancelled');
      else void receiver.receive(message).catch((error: unknown) => spec.logger.error({ error, queue }, 'a message could not be settled'));
    });
    if (!stop.aborted) spec.onConsuming?.(queue);
    await ended;
  } finally {
    consumer?.stop();
    // What is in hand goes back to the queue with the channel.
    await channel.close().catch(() => undefined);
  }
};

/** Consumes on this link, again after whatever ends the channel alone, until the link ends or the spec's signal aborts. */
export const consumeOn = async (link: AmqpLink, spec: ConsumerSpec): Promise<void> => {
  const stop = AbortSignal.any([link.ended, spec.signal]);
  while (!stop.aborted) {
    await consumeOnce(spec, link, stop).catch((error: unknown) => {
      if (!stop.aborted) spec.logger.warn({ error }, 'cannot consume, trying again');
    });
    await pause(RETRY_MS, stop);
  }
};
