import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRabbitMq, until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { topologyOf, type Body, type Topology } from '@streams-on-mesos/messages';
import { connect, type GetMessage } from 'amqplib';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { silentLogger } from '../testing/silent-logger.js';
import { AmqpConnection, type AmqpOptions } from './connection.js';
import type { Delivery } from './delivery.js';

let topology: Topology;
let stop: AbortController;
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  topology = topologyOf(`test-${randomUUID()}`);
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  for (const close of open.splice(0).reverse()) await close();
});

const amqp = async (over: Partial<AmqpOptions> = {}): Promise<AmqpConnection> => {
  const connection = AmqpConnection.connect({ url: inject('rabbitmqUrl'), topology, logger: silentLogger, signal: stop.signal, ...over });
  open.push(() => connection.close());
  await connection.whenConnected();
  return connection;
};

const proxied = async (): Promise<TcpProxy> => {
  const proxy = await TcpProxy.start(new URL(inject('rabbitmqUrl')).host);
  open.push(() => proxy.close());
  return proxy;
};

const hello = (term: number): Body => ({ hello: { allocation_term: term } });
const termOf = ({ envelope }: Delivery): number | undefined => envelope.hello?.allocation_term;

/** Consumes and acknowledges; returns the terms in the order in which they came. */
const collect = (connection: AmqpConnection, queue = topology.updates): number[] => {
  const terms: number[] = [];
  connection.consume(
    queue,
    (delivery) => {
      terms.push(termOf(delivery) ?? -1);
      delivery.ack();
    },
    { prefetch: 10, signal: stop.signal },
  );
  return terms;
};

/** Reads one message with a client that knows nothing of ours. */
const getFrom = async (queue: string): Promise<GetMessage> => {
  const model = await connect(inject('rabbitmqUrl'));
  const channel = await model.createChannel();
  const message = await until(`a message in ${queue}`, 20_000, () => channel.get(queue, { noAck: true }));
  await model.close();
  return message;
};

const sendRaw = async (queue: string, content: Buffer): Promise<void> => {
  const model = await connect(inject('rabbitmqUrl'));
  const channel = await model.createConfirmChannel();
  channel.sendToQueue(queue, content);
  await channel.waitForConfirms();
  await model.close();
};

describe('publishing', () => {
  it('confirms what a queue took, in order, and hands it to a consumer', async () => {
    const connection = await amqp();
    const sent = await Promise.all(Array.from({ length: 1500 }, (_, term) => connection.publish(topology.updates, hello(term))));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1500);
    const terms = collect(connection);
    await until('all of them', 20_000, () => terms.length === 1500);
    expect(terms).toEqual(Array.from({ length: 1500 }, (_, term) => term));
  });

  it('rejects what no queue took, and only that', async () => {
    const connection = await amqp();
    const results = await Promise.allSettled([
      connection.publish(topology.updates, hello(1)),
      connection.publishReply('nobody', hello(2)),
      connection.publish(topology.updates, hello(3)),
      connection.publishReply('nobody', hello(4)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    await expect(connection.publishReply('nobody', hello(5))).rejects.toMatchObject({ reason: 'returned' });
  });

  it('says at once that it is not connected, and connection-lost of what was under way', async () => {
    const proxy = await proxied();
    const connection = await amqp({ url: `amqp://${proxy.address}` });
    proxy.lose('everything');
    const underWay = connection.publish(topology.updates, hello(1));
    underWay.catch(() => undefined);
    proxy.down();
    await expect(underWay).rejects.toMatchObject({ reason: 'connection-lost' });
    await until('the disconnection', 20_000, () => !connection.connected);
    await expect(connection.publish(topology.updates, hello(2))).rejects.toMatchObject({ reason: 'not-connected' });
    proxy.pass();
    proxy.up();
    await connection.whenConnected();
    await connection.publish(topology.updates, hello(3));
  });

  it('notices a broker that is connected but silent', async () => {
    const proxy = await proxied();
    const connection = await amqp({ url: `amqp://${proxy.address}`, heartbeatSecs: 1 });
    const reasons: string[] = [];
    connection.onDisconnected((reason) => reasons.push(reason));
    proxy.lose('everything');
    const underWay = connection.publish(topology.updates, hello(1));
    await expect(underWay).rejects.toMatchObject({ reason: 'connection-lost' });
    expect(reasons).toEqual([expect.stringMatching(/heartbeat/i)]);
  });

  it('keeps what is persistent over queues as the topology says', async () => {
    const connection = await amqp();
    await connection.publish(topology.updates, hello(1), { id: 'm1', traceId: 't1', deadlineMs: 99 });
    const message = await getFrom(topology.updates.name);
    expect(message.properties).toMatchObject({ deliveryMode: 2, messageId: 'm1' });
    await connection.publish(topology.calls, hello(1));
    expect((await getFrom(topology.calls.name)).properties.deliveryMode).toBe(1);
  });
});

describe('consuming', () => {
  it('dead-letters what is no message, with the reason, counts it and goes on', async () => {
    const metrics = new Registry();
    const connection = await amqp({ metrics });
    const terms = collect(connection);
    await sendRaw(topology.updates.name, Buffer.from('not a message'));
    await connection.publish(topology.updates, hello(1));
    await until('the good one', 20_000, () => terms.length === 1);
    const dead = await getFrom(topology.dead.name);
    expect(dead.content.toString()).toBe('not a message');
    expect(dead.properties.headers).toMatchObject({
      'x-reason': expect.stringContaining('not a message'),
      'x-queue': topology.updates.name,
    });
    expect(await metrics.getSingleMetricAsString('streams_on_mesos_amqp_dead_lettered_total')).toContain(
      `{queue="${topology.updates.name}"} 1`,
    );
  });

  it('drops what is no message from a queue without a dead-letter queue', async () => {
    const connection = await amqp();
    const terms = collect(connection, topology.calls);
    await sendRaw(topology.calls.name, Buffer.from([1, 2, 3]));
    await connection.publish(topology.calls, hello(1));
    await until('the good one', 20_000, () => terms.length === 1);
  });

  it('dead-letters what the handler rejects, and gives back what it requeues or fails at', async () => {
    const connection = await amqp();
    const seen: string[] = [];
    connection.consume(
      topology.updates,
      (delivery) => {
        const term = termOf(delivery);
        seen.push(`${term}${delivery.redelivered ? ' again' : ''}`);
        if (term === 1) return delivery.reject('the term is not in force');
        if (delivery.redelivered) return delivery.ack();
        if (term === 2) return delivery.requeue();
        throw new Error('a bug');
      },
      { prefetch: 1, signal: stop.signal },
    );
    for (const term of [1, 2, 3]) await connection.publish(topology.updates, hello(term));
    expect((await getFrom(topology.dead.name)).properties.headers).toMatchObject({ 'x-reason': 'the term is not in force' });
    await until('both again', 20_000, () => seen.includes('2 again') && seen.includes('3 again'));
    expect(seen.sort()).toEqual(['1', '2', '2 again', '3', '3 again']);
  });

  it('gives what is in hand to another consumer when stopped, and settles nothing afterwards', async () => {
    const connection = await amqp();
    const first = new AbortController();
    const held: Delivery[] = [];
    connection.consume(topology.updates, (delivery) => void held.push(delivery), { prefetch: 2, signal: first.signal });
    for (const term of [1, 2, 3]) await connection.publish(topology.updates, hello(term));
    await until('the prefetch', 20_000, () => held.length === 2);
    first.abort();
    for (const delivery of held) delivery.ack();
    const terms = collect(connection);
    await until('all three', 20_000, () => terms.length === 3);
    expect(terms.sort()).toEqual([1, 2, 3]);
    expect(held).toHaveLength(2);
  });

  it('comes back after its queue was deleted', async () => {
    const connection = await amqp();
    const terms = collect(connection, topology.calls);
    await connection.publish(topology.calls, hello(1));
    await until('the first', 20_000, () => terms.length === 1);
    const model = await connect(inject('rabbitmqUrl'));
    await (await model.createChannel()).deleteQueue(topology.calls.name);
    await model.close();
    await until('the queue', 20_000, () =>
      connection.publish(topology.calls, hello(2)).then(
        () => true,
        () => false,
      ),
    );
    await until('the second', 20_000, () => terms.length === 2);
  });
});

describe('replies and copies', () => {
  it('reach the asker, also after a reconnection', async () => {
    const proxy = await proxied();
    const asker = await amqp({ url: `amqp://${proxy.address}` });
    const answerer = await amqp();
    answerer.consume(
      topology.requests,
      async (delivery) => {
        await answerer.publishReply(delivery.replyTo ?? '', hello((termOf(delivery) ?? 0) * 10), { traceId: delivery.envelope.trace_id });
        delivery.ack();
      },
      { prefetch: 10, signal: stop.signal },
    );
    const replies: number[] = [];
    const replyTo = await asker.openReplyQueue((delivery) => void replies.push(termOf(delivery) ?? -1), { signal: stop.signal });
    await asker.publish(topology.requests, hello(1), { replyTo });
    await until('the first reply', 20_000, () => replies.includes(10));

    proxy.down();
    await until('the disconnection', 20_000, () => !asker.connected);
    proxy.up();
    await asker.whenConnected();
    await until('the second reply', 20_000, async () => {
      await answerer.publishReply(replyTo, hello(7)).catch(() => undefined);
      return replies.includes(7);
    });
  });

  it('copies reach everybody who is bound, and nobody is needed', async () => {
    const connection = await amqp();
    connection.publishCopy(hello(0));
    const copies: [number[], number[]] = [[], []];
    for (const list of copies) connection.bindCopies((delivery) => void list.push(termOf(delivery) ?? -1), { signal: stop.signal });
    await until('both', 20_000, () => {
      connection.publishCopy(hello(1));
      return copies.every((list) => list.length > 0);
    });
  });
});

describe('reconnection', () => {
  it('is waited for, or not, or given up', async () => {
    const proxy = await proxied();
    proxy.down();
    const connection = AmqpConnection.connect({ url: `amqp://${proxy.address}`, topology, logger: silentLogger, signal: stop.signal });
    open.push(() => connection.close());
    const impatient = new AbortController();
    const givenUp = connection.whenConnected(impatient.signal);
    impatient.abort();
    await expect(givenUp).rejects.toMatchObject({ name: 'AbortError' });
    proxy.up();
    await connection.whenConnected();
    await connection.whenConnected();
    let calls = 0;
    connection.onConnected(() => calls++);
    expect(calls).toBe(1);
    await connection.close();
    await expect(connection.whenConnected()).rejects.toThrow(/closed/);
  });

  it('survives a restart of the broker: connects again, declares everything, consumes on', { timeout: 180_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'streams-on-mesos-amqp-'));
    const broker = await startRabbitMq({ dir });
    open.push(async () => rmSync(dir, { recursive: true, force: true }));
    const connection = await amqp({ url: broker.url });
    let connections = 0;
    connection.onConnected(() => connections++);
    const terms = collect(connection, topology.updates);
    const calls = collect(connection, topology.calls);
    await connection.publish(topology.updates, hello(1));
    await until('the first', 20_000, () => terms.length === 1);

    await broker.stop();
    await until('the disconnection', 20_000, () => !connection.connected);
    const again = await startRabbitMq({ dir, ports: broker.ports });
    open.push(() => again.stop());
    await connection.whenConnected();
    await connection.publish(topology.updates, hello(2));
    await connection.publish(topology.calls, hello(3));
    await until('the others', 20_000, () => terms.length === 2 && calls.length === 1);
    expect(connections).toBe(2);
  });
});
