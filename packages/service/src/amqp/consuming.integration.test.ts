import { until } from '@streams-on-mesos/local-environment';
import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from './delivery.js';
import { BrokerFixture, getFrom, hello, termOf, withBareChannel } from './testing/broker-fixture.js';

const fixture = BrokerFixture.use();

const sendRaw = (queue: string, content: Buffer): Promise<unknown> =>
  withBareChannel(async (channel) => {
    channel.sendToQueue(queue, content);
    await channel.waitForConfirms();
  });

describe('consuming', () => {
  it('dead-letters what is no message, with the reason, counts it and goes on', async () => {
    const metrics = new Registry();
    const connection = await fixture.connected({ metrics });
    const terms = fixture.collect(connection);
    await sendRaw(fixture.topology.updates.name, Buffer.from('not a message'));
    await connection.publish(fixture.topology.updates, hello(1));
    await until('the good one', 20_000, () => terms.length === 1);
    const dead = await getFrom(fixture.topology.dead.name);
    expect(dead.content.toString()).toBe('not a message');
    expect(dead.properties.headers).toMatchObject({
      'x-reason': expect.stringContaining('not a message'),
      'x-queue': fixture.topology.updates.name,
    });
    expect(await metrics.getSingleMetricAsString('streams_on_mesos_amqp_dead_lettered_total')).toContain(
      `{queue="${fixture.topology.updates.name}"} 1`,
    );
  });

  it('drops what is no message from a queue without a dead-letter queue', async () => {
    const connection = await fixture.connected();
    const terms = fixture.collect(connection, fixture.topology.calls);
    await sendRaw(fixture.topology.calls.name, Buffer.from([1, 2, 3]));
    await connection.publish(fixture.topology.calls, hello(1));
    await until('the good one', 20_000, () => terms.length === 1);
  });

  it('dead-letters what the handler rejects, and gives back what it requeues or fails at', async () => {
    const connection = await fixture.connected();
    const seen: string[] = [];
    connection.consume(
      fixture.topology.updates,
      (delivery) => {
        const term = termOf(delivery);
        seen.push(`${term}${delivery.redelivered ? ' again' : ''}`);
        if (term === 1) return delivery.reject('the term is not in force');
        if (delivery.redelivered) return delivery.ack();
        if (term === 2) return delivery.requeue();
        throw new Error('a bug');
      },
      { prefetch: 1, signal: fixture.stop.signal },
    );
    for (const term of [1, 2, 3]) await connection.publish(fixture.topology.updates, hello(term));
    expect((await getFrom(fixture.topology.dead.name)).properties.headers).toMatchObject({ 'x-reason': 'the term is not in force' });
    await until('both again', 20_000, () => seen.includes('2 again') && seen.includes('3 again'));
    expect(seen.sort()).toEqual(['1', '2', '2 again', '3', '3 again']);
  });

  it('gives what is in hand to another consumer when stopped, and settles nothing afterwards', async () => {
    const connection = await fixture.connected();
    const first = new AbortController();
    const held: Delivery[] = [];
    connection.consume(fixture.topology.updates, (delivery) => void held.push(delivery), { prefetch: 2, signal: first.signal });
    for (const term of [1, 2, 3]) await connection.publish(fixture.topology.updates, hello(term));
    await until('the prefetch', 20_000, () => held.length === 2);
    first.abort();
    for (const delivery of held) delivery.ack();
    const terms = fixture.collect(connection);
    await until('all three', 20_000, () => terms.length === 3);
    expect(terms.sort()).toEqual([1, 2, 3]);
    expect(held).toHaveLength(2);
  });

  it('comes back after its queue was deleted, without a reconnection', async () => {
    const connection = await fixture.connected();
    const disconnected = vi.fn();
    connection.onDisconnected(disconnected);
    const terms = fixture.collect(connection, fixture.topology.calls);
    await connection.publish(fixture.topology.calls, hello(1));
    await until('the first', 20_000, () => terms.length === 1);
    await withBareChannel((channel) => channel.deleteQueue(fixture.topology.calls.name));
    await until('the queue', 20_000, () =>
      connection.publish(fixture.topology.calls, hello(2)).then(
        () => true,
        () => false,
      ),
    );
    await until('the second', 20_000, () => terms.length === 2);
    expect(disconnected).not.toHaveBeenCalled();
  });
});
