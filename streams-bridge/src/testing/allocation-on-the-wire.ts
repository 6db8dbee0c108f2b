import { topologyOf, type Body, type Envelope, type Reply, type Resource } from '@streams-on-mesos/messages';
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
  readonly #amqp: AmqpConnection;

  constructor(url: string, frameworkName: string, signal: AbortSignal) {
    const topology = topologyOf(frameworkName);
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
  }

  connected(): Promise<void> {
    return this.#amqp.whenConnected();
  }

  copy(body: Body): void {
    this.#amqp.publishCopy(body);
  }
}
