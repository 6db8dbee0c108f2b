import { queueOptions, type QueueSpec, type Topology } from '@streams-on-mesos/messages';
import type { Channel } from 'amqplib';

const isQueue = (part: QueueSpec | string): part is QueueSpec => typeof part !== 'string';

export const queuesOf = (topology: Topology): QueueSpec[] => Object.values(topology).filter(isQueue);

/** Declares everything that is in the topology; harmless when it is there already. */
export const declareTopology = async (channel: Channel, topology: Topology): Promise<void> => {
  for (const queue of queuesOf(topology)) await channel.assertQueue(queue.name, queueOptions(queue));
  await channel.assertExchange(topology.eventsExchange, 'fanout', { durable: false });
};
