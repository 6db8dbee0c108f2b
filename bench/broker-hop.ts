import { ownRun, startRabbitMq } from '@streams-on-mesos/local-environment';
import { topologyOf } from '@streams-on-mesos/messages';
import { AmqpConnection, createLogger } from '@streams-on-mesos/service';
import amqp from 'amqplib';
import { percentile, rounded, type Bench } from './figure.js';

const MESSAGES = 500;
const WARM_UP = 50;

type Ask = (arrived: () => void) => Promise<void> | void;

/** Milliseconds from publish to delivery, one message at a time. */
const hops = async (send: Ask): Promise<number[]> => {
  const samples: number[] = [];
  for (let n = 0; n < MESSAGES + WARM_UP; n++) {
    const began = performance.now();
    await new Promise<void>((resolve, reject) => void Promise.resolve(send(resolve)).catch(reject));
    if (n >= WARM_UP) samples.push(performance.now() - began);
  }
  return samples;
};

/** One hop over our connection (envelope, mandatory, confirmed) against bare amqplib, on the same kind of queue. */
export const brokerHop: Bench = async () => {
  const run = ownRun('bench');
  const broker = await startRabbitMq({ dir: run.path });
  const stop = new AbortController();
  try {
    const topology = topologyOf('bench');
    const connection = AmqpConnection.connect({ url: broker.url, topology, logger: createLogger('bench', 'error'), signal: stop.signal });
    await connection.whenConnected();
    let arrived: () => void = () => {};
    connection.consume(
      topology.calls,
      async (delivery) => {
        delivery.ack();
        arrived();
      },
      { prefetch: 50, signal: stop.signal },
    );
    const ours = await hops(async (resolve) => {
      arrived = resolve;
      await connection.publish(topology.calls, { hello: { allocation_term: 1 } });
    });

    const bare = await amqp.connect(broker.url, { noDelay: true });
    const channel = await bare.createConfirmChannel();
    const { queue } = await channel.assertQueue('bench.bare', { durable: false });
    await channel.consume(queue, (message) => {
      if (message !== null) channel.ack(message);
      arrived();
    });
    const body = Buffer.alloc(80);
    const raw = await hops((resolve) => {
      arrived = resolve;
      channel.sendToQueue(queue, body);
    });
    await bare.close();
    const [p50, rawP50] = [percentile(ours, 0.5), percentile(raw, 0.5)];
    return [
      { name: 'broker-hop', value: rounded(p50), unit: 'ms p50', against: 'bare amqplib with noDelay', ratio: rounded(p50 / rawP50) },
    ];
  } finally {
    stop.abort();
    await broker.stop();
    run.remove();
  }
};
