import type { ConfirmChannel, Message, Options } from 'amqplib';
import { PublishError } from './delivery.js';

const MAX_UNCONFIRMED = 1000;
const MAX_WAITING = 10_000;
const NUMBER_HEADER = 'x-publish-number';

/** A message ready to be sent: bytes and where they go. */
export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

interface Waiting {
  readonly publication: Publication;
  readonly resolve: () => void;
  readonly reject: (error: PublishError) => void;
}

/** Publishes in order on one confirm channel, with a bounded number of messages that the broker has not yet confirmed. */
export class Publisher {
  readonly #waiting: Waiting[] = [];
  readonly #unconfirmed = new Map<number, Waiting>();
  readonly #returned = new Set<number>();
  #lastNumber = 0;
  #closed = false;

  /** @param beforePublish called before each message is handed to the channel */
  constructor(
    private readonly channel: ConfirmChannel,
    private readonly beforePublish: () => void = () => undefined,
  ) {
    channel.on('return', (message: Message) => {
      const number: unknown = message.properties.headers?.[NUMBER_HEADER];
      // The broker returns a message before it confirms it.
      if (typeof number === 'number' && this.#unconfirmed.has(number)) this.#returned.add(number);
    });
    channel.on('close', () => this.#close());
  }

  /** Resolves once the broker has confirmed the message and did not return it. @throws PublishError */
  publish(publication: Publication): Promise<void> {
    if (this.#closed) return Promise.reject(new PublishError('not-connected', 'not connected to RabbitMQ'));
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(
        new PublishError('overloaded', `RabbitMQ has not confirmed the ${MAX_UNCONFIRMED + MAX_WAITING} messages before this one`),
      );
    }
    return new Promise<void>((resolve, reject) => {
      this.#waiting.push({ publication, resolve, reject });
      this.#sendWaiting();
    });
  }

  /** Sends it if there is room, and does not care what becomes of it. */
  publishUnconfirmed({ exchange, routingKey, content, options }: Publication): boolean {
    if (this.#closed || this.#unconfirmed.size >= MAX_UNCONFIRMED) return false;
    try {
      this.channel.publish(exchange, routingKey, content, options);
      return true;
    } catch {
      return false;
    }
  }

  #sendWaiting(): void {
    while (!this.#closed && this.#unconfirmed.size < MAX_UNCONFIRMED) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#send(next);
    }
  }

  #send(waiting: Waiting): void {
    const number = ++this.#lastNumber;
    const { exchange, routingKey, content, options } = waiting.publication;
    const headers = { ...(options.headers as Record<string, unknown> | undefined), [NUMBER_HEADER]: number };
    this.#unconfirmed.set(number, waiting);
    this.beforePublish();
    try {
      this.channel.publish(exchange, routingKey, content, { ...options, headers, mandatory: true }, (error: unknown) =>
        this.#confirmed(number, error),
      );
    } catch (error) {
      this.#unconfirmed.delete(number);
      waiting.reject(new PublishError('not-connected', `cannot publish to RabbitMQ: ${(error as Error).message}`));
    }
  }

  #confirmed(number: number, error: unknown): void {
    // The library's word for: the channel ended before the broker said anything.
    if (error instanceof Error && error.message === 'channel closed') return this.#close();
    const waiting = this.#unconfirmed.get(number);
    if (waiting === undefined) return;
    this.#unconfirmed.delete(number);
    const key = waiting.publication.routingKey;
    if (this.#returned.delete(number)) waiting.reject(new PublishError('returned', `RabbitMQ has no queue ${key}`));
    else if (error) waiting.reject(new PublishError('nacked', `RabbitMQ refused a message to ${key}`));
    else waiting.resolve();
    this.#sendWaiting();
  }

  #close(): void {
    this.#closed = true;
    for (const [number, { publication, reject }] of [...this.#unconfirmed]) {
      this.#unconfirmed.delete(number);
      reject(
        new PublishError(
          'connection-lost',
          `the connection to RabbitMQ was lost before it confirmed a message to ${publication.routingKey}`,
        ),
      );
    }
    for (const { reject } of this.#waiting.splice(0)) reject(new PublishError('not-connected', 'the connection to RabbitMQ was lost'));
  }
}
