import type { Options } from 'amqplib';
import type { BodyKind } from './codec.js';

/** A queue and how long what is in it lives. */
export interface QueueSpec {
  readonly name: string;
  /** Survives a restart of the broker, as do the messages published to it. */
  readonly durable: boolean;
  readonly messageTtlMs?: number;
  /** Where a message goes that can never be handled; absent: nowhere, it is dropped. */
  readonly deadLetterQueue?: string;
}

/** Names of everything on the broker for one framework; several frameworks share a broker without meeting. */
export interface Topology {
  /** Offers and inverse offers, rescinds, failures, (un)subscribed. A stale offer is worth nothing, so it expires. */
  readonly offers: QueueSpec;
  /** Task status updates: Mesos gets its ACKNOWLEDGE only after the broker confirmed one. */
  readonly updates: QueueSpec;
  /** hello, desired state and calls, in the order in which they were decided. */
  readonly calls: QueueSpec;
  readonly answers: QueueSpec;
  /** What streams-bridge asks; answered to the asker's own reply queue. */
  readonly requests: QueueSpec;
  /** What allocation-service asks of whichever streams-bridge is free; worth nothing once its time is over. */
  readonly hooks: QueueSpec;
  /** What could never be handled, with the reason in the header `x-reason`. */
  readonly dead: QueueSpec;
  /** Fanout exchange with copies of client events; each streams-bridge binds a queue of its own. */
  readonly eventsExchange: string;
}

const OFFER_TTL_MS = 5_000;
const HOOK_TTL_MS = 5_000;

export const topologyOf = (frameworkName: string): Topology => {
  const dead = `${frameworkName}.dead`;
  return {
    offers: { name: `${frameworkName}.offers`, durable: false, messageTtlMs: OFFER_TTL_MS },
    updates: { name: `${frameworkName}.updates`, durable: true, deadLetterQueue: dead },
    calls: { name: `${frameworkName}.calls`, durable: false },
    answers: { name: `${frameworkName}.answers`, durable: false },
    requests: { name: `${frameworkName}.requests`, durable: true, deadLetterQueue: dead },
    hooks: { name: `${frameworkName}.hooks`, durable: false, messageTtlMs: HOOK_TTL_MS },
    dead: { name: dead, durable: true },
    eventsExchange: `${frameworkName}.events`,
  };
};

/** The options to declare a queue with: the same from every side, or the broker refuses the second one. */
export const queueOptions = (spec: QueueSpec): Options.AssertQueue => ({
  durable: spec.durable,
  autoDelete: false,
  ...(spec.messageTtlMs === undefined ? {} : { messageTtl: spec.messageTtlMs }),
  ...(spec.deadLetterQueue === undefined ? {} : { deadLetterExchange: '', deadLetterRoutingKey: spec.deadLetterQueue }),
});

/** The queue a body travels on; bodies not named here go to a reply queue or to the events exchange. */
export const queueOfBody: Partial<Record<BodyKind, keyof Omit<Topology, 'eventsExchange'>>> = {
  subscribed: 'offers',
  unsubscribed: 'offers',
  offers: 'offers',
  rescinds: 'offers',
  failure: 'offers',
  inverse_offers: 'offers',
  rescinded_inverse_offers: 'offers',
  update: 'updates',
  hello: 'calls',
  desired_state: 'calls',
  call: 'calls',
  call_answer: 'answers',
  allocate: 'requests',
  settle: 'requests',
  release: 'requests',
  cancel: 'requests',
  query_resources: 'requests',
  read_events: 'requests',
  validate_stop: 'requests',
  resolve_workload: 'hooks',
  run_stop_hook: 'hooks',
  workload_resolved: 'answers',
  stop_hook_run: 'answers',
};
