import { backoffMs, pause } from '../backoff.js';
import type { Logger } from '../log/logger.js';
import type { AmqpMetrics } from './amqp-metrics.js';
import type { AmqpLink } from './link.js';

const RECONNECT = { firstMs: 200, maxMs: 5000 };

/** The link to the broker: whenever one ends, another is opened, until it is closed. */
export class ReconnectingLink {
  readonly #connected = new Set<(link: AmqpLink) => void>();
  readonly #disconnected = new Set<(reason: string) => void>();
  readonly #closing = new AbortController();
  readonly #stop: AbortSignal;
  readonly #done: Promise<void>;
  #current: AmqpLink | undefined;

  /** Opens the first one in the background. */
  constructor(
    private readonly options: {
      readonly open: () => Promise<AmqpLink>;
      /** Its abort closes the link. */
      readonly signal: AbortSignal;
      readonly logger: Logger;
      readonly metrics: AmqpMetrics;
    },
  ) {
    this.#stop = AbortSignal.any([options.signal, this.#closing.signal]);
    this.#done = this.#stayConnected();
  }

  get current(): AmqpLink | undefined {
    return this.#current;
  }

  /** Rejects when `signal` aborts or this is closed. */
  async whenConnected(signal?: AbortSignal): Promise<void> {
    const stop = signal === undefined ? this.#stop : AbortSignal.any([this.#stop, signal]);
    stop.throwIfAborted();
    if (this.#current !== undefined) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stopListening();
        stop.removeEventListener('abort', done);
        resolve();
      };
      const stopListening = this.onLink(done);
      stop.addEventListener('abort', done);
    });
    stop.throwIfAborted();
  }

  /** Told of each link, and at once of the one there is. Returns how to stop that. */
  onLink(listener: (link: AmqpLink) => void): () => void {
    this.#connected.add(listener);
    if (this.#current !== undefined) listener(this.#current);
    return () => this.#connected.delete(listener);
  }

  onDisconnected(listener: (reason: string) => void): () => void {
    this.#disconnected.add(listener);
    return () => this.#disconnected.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException('the connection to RabbitMQ is closed', 'AbortError'));
    await this.#done;
  }

  async #stayConnected(): Promise<void> {
    const { logger, open } = this.options;
    let failures = 0;
    while (!this.#stop.aborted) {
      try {
        const link = await open();
        failures = 0;
        await this.#use(link);
      } catch (error) {
        logger.warn({ error, attempt: failures + 1 }, 'cannot connect to RabbitMQ, trying again');
      }
      failures++;
      await pause(backoffMs(failures, RECONNECT, Math.random()), this.#stop);
    }
  }

  async #use(link: AmqpLink): Promise<void> {
    const { logger, metrics } = this.options;
    const over = AbortSignal.any([link.ended, this.#stop]);
    if (!over.aborted) {
      this.#current = link;
      metrics.connected.set(1);
      metrics.connections.inc();
      logger.info('connected to RabbitMQ');
      for (const listener of [...this.#connected]) this.#guarded(() => listener(link));
      await new Promise<void>((resolve) => {
        over.addEventListener('abort', () => resolve());
        if (over.aborted) resolve();
      });
      this.#current = undefined;
      metrics.connected.set(0);
      const closed = this.#stop.aborted;
      const reason = closed ? 'closed from this side' : String(link.ended.reason);
      logger[closed ? 'info' : 'warn']({ reason }, 'disconnected from RabbitMQ');
      for (const listener of [...this.#disconnected]) this.#guarded(() => listener(reason));
    }
    await link.close();
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.options.logger.error({ error }, 'a listener of the AMQP connection failed');
    }
  }
}
