import { createLogger, ZooKeeperConnection } from '@streams-on-mesos/service';
import amqp from 'amqplib';

/** Sizes of what really travels: a request, a desired state, one offer, an ACCEPT of one task; and of two journal entries. */
const HOPS = [
  { queue: 'bench.requests', durable: true, bytes: 220 },
  { queue: 'bench.desired', durable: false, bytes: 120 },
  { queue: 'bench.offers', durable: false, bytes: 380 },
  { queue: 'bench.accept', durable: false, bytes: 650 },
] as const;
const ENTRY_BYTES = [1_100, 1_000] as const;
/** The entries are written after these hops. */
const WRITES_AFTER = [0, 2];

type Channel = amqp.ConfirmChannel;

/** What the way of a request consists of, without anything decided: amqplib with noDelay, and a client of ZooKeeper. */
export class BareWay {
  #arrived: () => void = () => undefined;
  #entries = 0;

  private constructor(
    readonly broker: { readonly channel: Channel; close(): Promise<void> },
    readonly zookeeper: ZooKeeperConnection,
    readonly leader: string,
  ) {}

  static async open(brokerUrl: string, zookeeperHosts: string): Promise<BareWay> {
    const connection = await amqp.connect(brokerUrl, { noDelay: true });
    const channel = await connection.createConfirmChannel();
    const zookeeper = await ZooKeeperConnection.connect(zookeeperHosts, { logger: createLogger('bench', 'error') });
    await zookeeper.session.ensurePath('/bench-bare');
    const leader = await zookeeper.session.create('/bench-bare/leader');
    const way = new BareWay({ channel, close: () => connection.close() }, zookeeper, leader);
    for (const { queue, durable } of HOPS) {
      await channel.assertQueue(queue, { durable });
      await channel.consume(queue, (message) => {
        if (message !== null) channel.ack(message);
        way.#arrived();
      });
    }
    return way;
  }

  /** Milliseconds. */
  async go(): Promise<number> {
    const began = performance.now();
    let written = 0;
    for (const [index, { queue, durable, bytes }] of HOPS.entries()) {
      const arrived = new Promise<void>((resolve) => (this.#arrived = resolve));
      this.broker.channel.sendToQueue(queue, Buffer.alloc(bytes), { persistent: durable, mandatory: true });
      await arrived;
      if (!WRITES_AFTER.includes(index)) continue;
      this.#entries += 1;
      const entry = Buffer.alloc(ENTRY_BYTES[written] ?? 0);
      written += 1;
      await this.zookeeper.session.transaction().check(this.leader).create(`/bench-bare/${this.#entries}`, entry).commit();
    }
    return performance.now() - began;
  }

  async close(): Promise<void> {
    await this.broker.close();
    await this.zookeeper.close();
  }
}
