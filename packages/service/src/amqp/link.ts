import type { Topology } from '@streams-on-mesos/messages';
import { connect, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { pause } from '../backoff.js';
import type { Logger } from '../log/logger.js';
import { declareTopology } from './declare-topology.js';
import { PublishStream } from './publish-stream.js';
import { Publisher, type Settled } from './publisher.js';
import { TopologyKeeper } from './topology-keeper.js';

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;

export interface LinkOptions {
  readonly url: string;
  readonly heartbeatSecs: number;
  /** How the broker's management names the connection. */
  readonly name: string;
  readonly topology: Topology;
  readonly logger: Logger;
  /** Told what became of each message. */
  readonly settled: Settled;
}

/** One connection to the broker, with everything declared. Whatever breaks on it ends it as a whole. */
export class AmqpLink {
  readonly publisher: Publisher;
  readonly #ended = new AbortController();
  #blocked = false;

  private constructor(
    private readonly model: ChannelModel,
    channel: ConfirmChannel,
    { logger, topology, settled }: LinkOptions,
  ) {
    const stream = new PublishStream(model, channel);
    const keeper = new TopologyKeeper(model, topology, logger, this.#ended.signal);
    this.publisher = new Publisher(channel, (publication, returnedAs) => stream.publish(publication, returnedAs), {
      settled,
      returned: (routingKey) => keeper.missing(routingKey),
    });
    model.on('blocked', (reason: unknown) => {
      this.#blocked = true;
      logger.warn({ reason: String(reason) }, 'RabbitMQ takes no messages for now');
    });
    model.on('unblocked', () => {
      this.#blocked = false;
      logger.info('RabbitMQ takes messages again');
    });
  }

  /** Rejects when the broker cannot be reached or refuses the topology. */
  static async open(options: LinkOptions): Promise<AmqpLink> {
    const url = new URL(options.url);
    url.searchParams.set('heartbeat', String(options.heartbeatSecs));
    const model = await connect(url.href, {
      // Without it every message waits for the delayed acknowledgement of the one before it.
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: options.name },
    });
    let problem = 'the connection was closed';
    let end: (reason: string) => void = () => undefined;
    model.on('error', (error: Error) => (problem = error.message));
    model.on('close', () => end(problem));
    try {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error: Error) => (problem = error.message));
      await declareTopology(channel, options.topology);
      const link = new AmqpLink(model, channel, options);
      end = (reason) => link.#ended.abort(reason);
      channel.on('close', () => {
        // Nothing can be published without its channel; a new connection brings a new one.
        void link.close();
      });
      return link;
    } catch (error) {
      await model.close().catch(() => undefined);
      throw error;
    }
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Aborted, with a text as the reason, when the connection has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  createChannel(): Promise<Channel> {
    return this.model.createChannel();
  }

  /** Bounded: a broker that no longer answers is left to the heartbeat. */
  async close(): Promise<void> {
    const given = new AbortController();
    await Promise.race([this.model.close().catch(() => undefined), pause(CLOSE_TIMEOUT_MS, given.signal)]);
    given.abort();
    this.#ended.abort('the connection was closed');
  }
}
