import { topologyOf, type Body, type Envelope, type Reply, type Resource, type Topology } from '@streams-on-mesos/messages';
import { AmqpConnection, createLogger } from '@streams-on-mesos/service';

export const resource = (fields: Partial<Resource> & Pick<Resource, 'id'>): Resource => ({
  owner: 'controller',
  state: 'NEW',
  request_state: 'REQUEST_NEW',
  completion: 'NONE',
  requested: { cpus: 2, mem: 4096 },
  created_at_ms: 1,
  ...fields,
});

type Answer = Omit<Reply, 'in_reply_to'> | undefined;

/** Plays allocation-service: real messages over a real broker, answers by a script. */
export class AllocationOnTheWire {
  /** All that was asked, repetitions too. */
  readonly asked: Envelope[] = [];
  answer: (asked: Envelope) => Answer | Promise<Answer> = () => undefined;
  /** What hooks were answered with. */
  readonly answered: Envelope[] = [];
  readonly #amqp: AmqpConnection;
  readonly #topology: Topology;

  constructor(url: string, frameworkName: string, signal: AbortSignal) {
    const topology = topologyOf(frameworkName);
    this.#topology = topology;
    this.#amqp = AmqpConnection.connect({ url, topology, logger: createLogger('test', 'silent'), signal });
    this.#amqp.consume(
      topology.requests,
      async (delivery) => {
        this.asked.push(delivery.envelope);
        const answer = await this.answer(delivery.envelope);
        delivery.ack();
        if (answer === undefined || delivery.replyTo === undefined) return;
        await this.#amqp.publishReply(delivery.replyTo, { reply: { in_reply_to: delivery.envelope.id, ...answer } });
      },
      { prefetch: 100, signal },
    );
    this.#amqp.consume(
      topology.answers,
      (delivery) => {
        this.answered.push(delivery.envelope);
        delivery.ack();
      },
      { prefetch: 100, signal },
    );
  }

  /** Asks whichever bridge is free. */
  async askHook(body: Body, deadlineMs = Date.now() + 10_000): Promise<void> {
    await this.#amqp.publish(this.#topology.hooks, body, { deadlineMs, persistent: false });
  }

  connected(): Promise<void> {
    return this.#amqp.whenConnected();
  }

  copy(body: Body): void {
    this.#amqp.publishCopy(body);
  }
}
