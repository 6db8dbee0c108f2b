import { checkout } from '@streams-on-mesos/local-environment';
import { queueOptions, topologyOf } from '@streams-on-mesos/messages';
import { createLogger, ZooKeeperConnection } from '@streams-on-mesos/service';
import amqp from 'amqplib';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const { requests, offers, calls } = topologyOf('bench-bare');
/** Queues as the real ones are, but one for each hop. */
const queues = {
  requests: requests,
  desired: { ...calls, name: 'bench-bare.desired' },
  offers,
  accept: { ...calls, name: 'bench-bare.accept' },
};

/** What travels and what is written, in bytes. */
export interface WaySizes {
  readonly request: number;
  readonly requestEntry: number;
  readonly desired: number;
  readonly offers: number;
  readonly offersEntry: number;
  readonly accept: number;
}

/** What the way of a request consists of, between two processes, with nothing decided: amqplib with noDelay, and a client of ZooKeeper. */
export class BareWay {
  #onAccept: (at: number) => void = () => undefined;
  readonly #ended: Promise<never>;

  private constructor(
    readonly channel: amqp.ConfirmChannel,
    readonly service: ChildProcess,
    readonly sizes: WaySizes,
    readonly disconnect: () => Promise<void>,
  ) {
    this.#ended = once(service, 'exit').then(() => Promise.reject(new Error('the bare service ended')));
    this.#ended.catch(() => undefined);
  }

  static async open(brokerUrl: string, zookeeperHosts: string, sizes: WaySizes): Promise<BareWay> {
    const connection = await amqp.connect(brokerUrl, { noDelay: true });
    const channel = await connection.createConfirmChannel();
    const { dead } = topologyOf('bench-bare');
    for (const queue of [dead, ...Object.values(queues)]) await channel.assertQueue(queue.name, queueOptions(queue));
    const zookeeper = await ZooKeeperConnection.connect(zookeeperHosts, { logger: createLogger('bench', 'error') });
    const leader = await zookeeper.session.create('/bench-bare');
    await zookeeper.close();
    const program = join(checkout, 'bench', 'allocation', 'bare-service.mjs');
    const its = [sizes.requestEntry, sizes.desired, sizes.offersEntry, sizes.accept].map(String);
    const service = spawn(process.execPath, [program, brokerUrl, zookeeperHosts, leader, ...its], { stdio: ['ignore', 'pipe', 'inherit'] });
    const way = new BareWay(channel, service, sizes, () => connection.close());
    await channel.consume(queues.desired.name, (message) => {
      channel.sendToQueue(queues.offers.name, Buffer.alloc(sizes.offers), { mandatory: true });
      if (message !== null) channel.ack(message);
    });
    await channel.consume(queues.accept.name, (message) => {
      way.#onAccept(performance.now());
      if (message !== null) channel.ack(message);
    });
    if (service.stdout !== null) await once(service.stdout, 'data');
    return way;
  }

  /** Milliseconds. */
  async go(): Promise<number> {
    const began = performance.now();
    const accepted = new Promise<number>((resolve) => (this.#onAccept = resolve));
    this.channel.sendToQueue(queues.requests.name, Buffer.alloc(this.sizes.request), { persistent: true, mandatory: true });
    return (await Promise.race([accepted, this.#ended])) - began;
  }

  async close(): Promise<void> {
    this.service.kill();
    await once(this.service, 'exit');
    await this.disconnect();
  }
}
