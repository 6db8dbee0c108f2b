import type { Topology } from '@streams-on-mesos/messages';
import type { ChannelModel } from 'amqplib';
import { pause } from '../backoff.js';
import type { Logger } from '../log/logger.js';
import { declareTopology, queuesOf } from './declare-topology.js';

/** A missing queue returns every message published to it. */
const AT_MOST_EVERY_MS = 500;

/** Declares anew what an operator has deleted while the connection lived. What consumes from a queue is told by the broker, and declares it itself. */
export class TopologyKeeper {
  readonly #queues: ReadonlySet<string>;
  #busy = false;

  constructor(
    private readonly model: ChannelModel,
    private readonly topology: Topology,
    private readonly logger: Logger,
    /** Aborts with the connection. */
    private readonly ended: AbortSignal,
  ) {
    this.#queues = new Set(queuesOf(topology).map(({ name }) => name));
  }

  /** The broker has returned a message to this queue: there is none. A reply queue goes with its asker, and is none of ours. */
  missing(queue: string): void {
    if (!this.#queues.has(queue) || this.#busy || this.ended.aborted) return;
    this.#busy = true;
    void this.#declareAnew(queue).finally(() => (this.#busy = false));
  }

  /** On a channel of its own: a refusal closes it, and the publisher's must live on. */
  async #declareAnew(queue: string): Promise<void> {
    try {
      const channel = await this.model.createChannel();
      channel.on('error', () => undefined);
      await declareTopology(channel, this.topology);
      await channel.close();
      this.logger.warn({ queue }, 'somebody had deleted a queue, which is declared anew');
    } catch (error) {
      if (!this.ended.aborted) this.logger.warn({ error, queue }, 'a queue is gone and cannot be declared anew');
    }
    await pause(AT_MOST_EVERY_MS, this.ended);
  }
}
