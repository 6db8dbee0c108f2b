import type { Body, Envelope, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection } from '@streams-on-mesos/service';

/** Plays the streams-bridge that is asked by an allocation-service that runs. */
export class BridgeOnTheWire {
  readonly asked: Envelope[] = [];
  /** What a question is answered with; undefined: nothing. */
  answer: (asked: Envelope) => Body | undefined = () => undefined;

  constructor(amqp: AmqpConnection, topology: Topology, signal: AbortSignal) {
    amqp.consume(
      topology.hooks,
      async (delivery) => {
        this.asked.push(delivery.envelope);
        const answer = this.answer(delivery.envelope);
        if (answer !== undefined) await amqp.publish(topology.answers, answer);
        delivery.ack();
      },
      { prefetch: 10, signal },
    );
  }
}
