import type { CallAnswer, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection, Delivery, Logger } from '@streams-on-mesos/service';
import type { DriverEvent } from '../domain/events.js';

/** More calls than this wait on the broker; kills and reconciliations that are paced count too. */
const PREFETCH = 500;

/** Takes hello, desired state and calls of allocation-service, while this instance leads; a call is acknowledged once it is answered. */
export class CallConsumer {
  private readonly inHand = new Map<string, Delivery[]>();

  constructor(
    private readonly amqp: AmqpConnection,
    private readonly topology: Topology,
    private readonly logger: Logger,
    /** By how many milliseconds the driver's clock is ahead of the machine's, which deadlines are told by. */
    private readonly ahead: () => number,
  ) {}

  /** Until `signal` aborts; what is in hand then goes back to the queue, for the next leader. */
  start(handle: (event: DriverEvent) => void, signal: AbortSignal): void {
    this.amqp.consume(this.topology.calls, (delivery) => this.take(delivery, handle), { prefetch: PREFETCH, signal });
  }

  private take(delivery: Delivery, handle: (event: DriverEvent) => void): void {
    const { envelope, redelivered } = delivery;
    if (envelope.call !== undefined) {
      const { call, deadline_ms: deadline, id } = envelope;
      const deadlineMs = deadline === undefined ? undefined : deadline + this.ahead();
      this.inHand.set(id, [...(this.inHand.get(id) ?? []), delivery]);
      handle({ type: 'call', id, redelivered, deadlineMs, call });
      return;
    }
    if (envelope.hello !== undefined) handle({ type: 'hello', allocationTerm: envelope.hello.allocation_term });
    else if (envelope.desired_state !== undefined) handle({ type: 'desired-state', desiredState: envelope.desired_state });
    else return delivery.reject('offer-service takes hello, desired_state and call');
    delivery.ack();
  }

  /** Publishes the answer, and then acknowledges all deliveries of its call. */
  async answer(answer: CallAnswer): Promise<void> {
    const deliveries = this.inHand.get(answer.call_id) ?? [];
    this.inHand.delete(answer.call_id);
    const traceId = deliveries[0]?.envelope.trace_id;
    await this.amqp
      .publish(this.topology.answers, { call_answer: answer }, traceId === undefined ? {} : { traceId })
      .catch((error: Error) => this.logger.warn({ call: answer.call_id, reason: error.message }, 'an answer could not be published'));
    // Without a connection this does nothing: the call comes again and gets the same answer. Else its sender stops waiting by itself.
    for (const delivery of deliveries) delivery.ack();
  }
}
