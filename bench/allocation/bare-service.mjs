// What allocation-service's part of a request's way consists of, without anything decided: two hops in, two writes, two hops out.
// Usage: node bare-service.mjs <broker URL> <ZooKeeper host:port> <path of a node to check in each write> and then the bytes of
// the first entry, the desired state, the second entry and the ACCEPT.
import amqp from 'amqplib';
import zookeeper from 'node-zookeeper-client';

const [brokerUrl, hosts, leader, ...sizes] = process.argv.slice(2);
const [requestEntry, desired, offersEntry, accept] = sizes.map(Number);
const client = zookeeper.createClient(hosts);
await new Promise((resolve) => {
  client.once('connected', resolve);
  client.connect();
});
const connection = await amqp.connect(brokerUrl, { noDelay: true });
const channel = await connection.createConfirmChannel();
let entries = 0;

const write = (bytes) =>
  new Promise((resolve, reject) => {
    entries += 1;
    const path = `${leader}-entry-${entries}`;
    client
      .transaction()
      .check(leader, -1)
      .create(path, Buffer.alloc(bytes))
      .commit((error) => (error ? reject(error) : resolve()));
  });

const serve = (from, entryBytes, to, bytes) =>
  channel.consume(from, async (message) => {
    await write(entryBytes);
    channel.sendToQueue(to, Buffer.alloc(bytes), { mandatory: true });
    channel.ack(message);
  });

await serve('bench-bare.requests', requestEntry, 'bench-bare.desired', desired);
await serve('bench-bare.offers', offersEntry, 'bench-bare.accept', accept);
process.stdout.write('ready\n');
process.on('SIGTERM', () => process.exit(0));
