import type { ConfirmChannel, Message } from 'amqplib';
import { PublishError } from './delivery.js';
import type { Publication } from './publish-frames.js';

const MAX_UNCONFIRMED = 1000;
const MAX_WAITING = 10_000;

/** Told once what became of a message: undefined when the broker has it; anything but a PublishError when it never can be sent. */
export type Settled = (failure: Error | undefined) => void;

/** Once for all messages: what is made anew for each of thousands a second counts. */
export interface PublishObserver {
  readonly settled: Settled;
  /** No queue took a message. */
  readonly returned: (routingKey: string) => void;
}

interface Waiting {
  readonly publication: Publication;
  readonly settled: Settled;
}

/** The confirmations of the broker, as amqplib tells them (Basic.Ack and Basic.Nack). */
interface Confirmation {
  readonly deliveryTag: number;
  /** Up to that number, all that were not confirmed before. */
  readonly multiple: boolean;
}

/** Publishes in order on one confirm channel, with a bounded number of messages that the broker has not yet confirmed. */
export class Publisher {
  readonly #send: (publication: Publication, returnedAs?: number) => void;
  readonly #observer: PublishObserver;
  #waiting: Waiting[] = [];
  /** By number: the broker counts what is published on the channel, from 1. */
  readonly #unconfirmed = new Map<number, Waiting>();
  readonly #returned = new Set<number>();
  #lastNumber = 0;
  /** All before it are confirmed. */
  #firstUnconfirmed = 1;
  #toTell: { readonly settled: Settled; readonly failure: Error | undefined }[] = [];
  #closed = false;

  /**
   * @param send writes a message to the channel, to be returned under a number if no queue takes it; throws when it never can be sent
   * @param observer told of what becomes of messages, before those who published them
   */
  constructor(
    channel: Pick<ConfirmChannel, 'on'>,
    send: (publication: Publication, returnedAs?: number) => void,
    observer: PublishObserver,
  ) {
    this.#send = send;
    this.#observer = observer;
    channel.on('return', (message: Message) => this.#noteReturned(message));
    channel.on('ack', (confirmation: Confirmation) => this.#confirmed(confirmation, false));
    channel.on('nack', (confirmation: Confirmation) => this.#confirmed(confirmation, true));
    channel.on('close', () => this.#close());
  }

  /** `settled` is told once the broker has confirmed it, returned it or is gone; not before this has returned. */
  publish(publication: Publication, settled: Settled): void {
    const waiting = { publication, settled };
    if (this.#closed) this.#tell(waiting, new PublishError('not-connected', 'not connected to RabbitMQ'));
    else if (this.#unconfirmed.size < MAX_UNCONFIRMED && this.#waiting.length === 0) this.#publish(waiting);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(waiting);
    else {
      const before = MAX_UNCONFIRMED + MAX_WAITING;
      this.#tell(waiting, new PublishError('overloaded', `RabbitMQ has not confirmed the ${before} messages before this one`));
    }
  }

  /** Sends it if there is room, and does not care what becomes of it. */
  publishUnconfirmed(publication: Publication): boolean {
    if (this.#closed || this.#unconfirmed.size >= MAX_UNCONFIRMED) return false;
    this.#send(publication);
    this.#lastNumber += 1;
    return true;
  }

  #publish(waiting: Waiting): void {
    const number = this.#lastNumber + 1;
    try {
      this.#send(waiting.publication, number);
    } catch (error) {
      return this.#tell(waiting, error as Error);
    }
    this.#lastNumber = number;
    this.#unconfirmed.set(number, waiting);
  }

  #publishWaiting(): void {
    let taken = 0;
    while (taken < this.#waiting.length && this.#unconfirmed.size < MAX_UNCONFIRMED) this.#publish(this.#waiting[taken++]!);
    if (taken > 0) this.#waiting = this.#waiting.slice(taken);
  }

  /** The broker returns a message before it confirms it. */
  #noteReturned({ properties, fields }: Message): void {
    const number = Number(properties.correlationId);
    if (!this.#unconfirmed.has(number)) return;
    this.#returned.add(number);
    this.#observer.returned(fields.routingKey);
  }

  #confirmed({ deliveryTag, multiple }: Confirmation, refused: boolean): void {
    for (let number = multiple ? this.#firstUnconfirmed : deliveryTag; number <= deliveryTag; number++) this.#settle(number, refused);
    while (this.#firstUnconfirmed <= this.#lastNumber && !this.#unconfirmed.has(this.#firstUnconfirmed)) this.#firstUnconfirmed += 1;
    this.#publishWaiting();
  }

  #settle(number: number, refused: boolean): void {
    const waiting = this.#unconfirmed.get(number);
    if (waiting === undefined) return;
    this.#unconfirmed.delete(number);
    const { routingKey } = waiting.publication;
    if (this.#returned.delete(number)) this.#tell(waiting, new PublishError('returned', `RabbitMQ has no queue ${routingKey}`));
    else if (refused) this.#tell(waiting, new PublishError('nacked', `RabbitMQ refused a message to ${routingKey}`));
    else this.#tell(waiting, undefined);
  }

  /** All that one read from the socket settled is told in one go, and not in the middle of amqplib's reading: an error there ends the connection. */
  #tell({ settled }: Waiting, failure: Error | undefined): void {
    this.#toTell.push({ settled, failure });
    if (this.#toTell.length > 1) return;
    process.nextTick(() => {
      const told = this.#toTell;
      this.#toTell = [];
      for (const { settled, failure } of told) {
        this.#observer.settled(failure);
        settled(failure);
      }
    });
  }

  #close(): void {
    this.#closed = true;
    const lost = [...this.#unconfirmed.values()];
    this.#unconfirmed.clear();
    for (const waiting of lost) {
      const { routingKey } = waiting.publication;
      const message = `the connection to RabbitMQ was lost before it confirmed a message to ${routingKey}`;
      this.#tell(waiting, new PublishError('connection-lost', message));
    }
    for (const waiting of this.#waiting.splice(0))
      this.#tell(waiting, new PublishError('not-connected', 'the connection to RabbitMQ was lost'));
  }
}
