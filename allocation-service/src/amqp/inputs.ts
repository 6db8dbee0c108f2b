import type { Envelope, QueueSpec, Topology } from '@streams-on-mesos/messages';
import type { AmqpConnection, Delivery, Logger } from '@streams-on-mesos/service';
import type { DomainEvent } from '../domain/events.js';
import { StepFailedError } from '../engine.js';
import { domainEventOf, nameOfBody } from './domain-event.js';

/** How much may be decided on and not yet durable: what one group commit holds. */
const PREFETCH = 64;

export interface InputsOptions {
  readonly amqp: Pick<AmqpConnection, 'consume' | 'publishReply'>;
  readonly topology: Topology;
  readonly logger: Logger;
  /** the term's: its end closes the channels, and what is in hand goes back to the queues */
  readonly signal: AbortSignal;
  readonly submit: (event: DomainEvent) => Promise<void>;
  /** The machine's clock. */
  readonly now: () => number;
  /** See LeaderClock. */
  readonly ahead: () => number;
  /** Ids of messages that this process failed on, and why; outlives the term. */
  readonly unhandleable: Map<string, string>;
}

/** Everything that is sent to the leader, acknowledged once what follows from it is durable. */
export const consumeInputs = (options: InputsOptions): void => {
  const { amqp, topology, signal } = options;
  // Answers and updates first: what has happened is known before new requests are decided on.
  const queues: readonly QueueSpec[] = [topology.answers, topology.updates, topology.offers, topology.requests];
  for (const queue of queues) amqp.consume(queue, (delivery) => take(options, delivery), { prefetch: PREFETCH, signal });
};

const take = async (options: InputsOptions, delivery: Delivery): Promise<void> => {
  const { envelope, replyTo } = delivery;
  const event = domainEventOf(envelope, replyTo, options.ahead());
  if (event === undefined) {
    delivery.reject(`allocation-service does not take ${nameOfBody(envelope)}`);
    return;
  }
  const failure = options.unhandleable.get(envelope.id);
  if (failure !== undefined) {
    delivery.reject(failure);
    return;
  }
  if (event.type === 'request' && isExpired(envelope, options.now())) {
    if (replyTo !== undefined) await tellExpired(options, envelope, replyTo);
    delivery.ack();
    return;
  }
  try {
    await options.submit(event);
  } catch (error) {
    // This instance stops leading, and the next leader gets the message again; this one will know it.
    if (error instanceof StepFailedError) options.unhandleable.set(envelope.id, error.message);
    return;
  }
  delivery.ack();
};

const isExpired = (envelope: Envelope, now: number): boolean => envelope.deadline_ms !== undefined && envelope.deadline_ms < now;

const tellExpired = async (options: InputsOptions, envelope: Envelope, replyTo: string): Promise<void> => {
  const late = options.now() - (envelope.deadline_ms ?? 0);
  const message = `deadline_ms ${envelope.deadline_ms} had passed by ${late} ms when the request was read: send it again with a later one`;
  const error = { code: 'DEADLINE_EXCEEDED', message, field: 'deadline_ms' } as const;
  try {
    await options.amqp.publishReply(replyTo, { reply: { in_reply_to: envelope.id, error } }, { traceId: envelope.trace_id });
  } catch (failure) {
    options.logger.debug({ error: String(failure), inReplyTo: envelope.id }, 'nobody waits for the answer any more');
  }
};
