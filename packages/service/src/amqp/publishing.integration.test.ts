import { until } from '@streams-on-mesos/local-environment';
import { decodeEnvelope } from '@streams-on-mesos/messages';
import { Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { BrokerFixture, getFrom, hello, withBareChannel } from './testing/broker-fixture.js';

const fixture = BrokerFixture.use();

describe('publishing', () => {
  it('confirms what a queue took, in order, and hands it to a consumer', async () => {
    const connection = await fixture.connected();
    const sent = await Promise.all(Array.from({ length: 1500 }, (_, term) => connection.publish(fixture.topology.updates, hello(term))));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1500);
    const terms = fixture.collect(connection);
    await until('all of them', 20_000, () => terms.length === 1500);
    expect(terms).toEqual(Array.from({ length: 1500 }, (_, term) => term));
  });

  it('rejects what no queue took, and only that', async () => {
    const connection = await fixture.connected();
    const results = await Promise.allSettled([
      connection.publish(fixture.topology.updates, hello(1)),
      connection.publishReply('nobody', hello(2)),
      connection.publish(fixture.topology.updates, hello(3)),
      connection.publishReply('nobody', hello(4)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    await expect(connection.publishReply('nobody', hello(5))).rejects.toMatchObject({ reason: 'returned' });
  });

  it('says at once that it is not connected, and connection-lost of what was under way', async () => {
    const proxy = await fixture.proxied();
    const connection = await fixture.connected({ url: `amqp://${proxy.address}` });
    proxy.lose('everything');
    const underWay = connection.publish(fixture.topology.updates, hello(1));
    underWay.catch(() => undefined);
    proxy.down();
    await expect(underWay).rejects.toMatchObject({ reason: 'connection-lost' });
    await until('the disconnection', 20_000, () => !connection.connected);
    await expect(connection.publish(fixture.topology.updates, hello(2))).rejects.toMatchObject({ reason: 'not-connected' });
    proxy.pass();
    proxy.up();
    await connection.whenConnected();
    await connection.publish(fixture.topology.updates, hello(3));
  });

  it('notices a broker that is connected but silent', async () => {
    const proxy = await fixture.proxied();
    const connection = await fixture.connected({ url: `amqp://${proxy.address}`, heartbeatSecs: 1 });
    const reasons: string[] = [];
    connection.onDisconnected((reason) => reasons.push(reason));
    proxy.lose('everything');
    const underWay = connection.publish(fixture.topology.updates, hello(1));
    await expect(underWay).rejects.toMatchObject({ reason: 'connection-lost' });
    expect(reasons).toEqual([expect.stringMatching(/heartbeat/i)]);
  });

  it('keeps what is persistent over queues as the topology says', async () => {
    const connection = await fixture.connected();
    await connection.publish(fixture.topology.updates, hello(1), { id: 'm1', traceId: 't1', deadlineMs: 99 });
    const message = await getFrom(fixture.topology.updates.name);
    expect(message.properties).toMatchObject({ deliveryMode: 2, messageId: 'm1' });
    await connection.publish(fixture.topology.calls, hello(1));
    expect((await getFrom(fixture.topology.calls.name)).properties.deliveryMode).toBe(1);
  });

  it('writes what needs several frames, no byte, other letters and the longest names, as the broker and another client read them', async () => {
    const connection = await fixture.connected();
    const { updates } = fixture.topology;
    const traceId = 'ü'.repeat(150_000);
    const [large, small] = await Promise.all([
      connection.publish(updates, hello(1), { traceId, id: 'é-1', replyTo: 'r'.repeat(255) }),
      connection.publish(updates, hello(2)),
    ]);
    const first = await getFrom(updates.name);
    expect(decodeEnvelope(first.content)).toMatchObject({ id: 'é-1', trace_id: traceId });
    expect(first.properties).toMatchObject({ messageId: large.id, replyTo: 'r'.repeat(255), deliveryMode: 2 });
    expect((await getFrom(updates.name)).properties).toMatchObject({ messageId: small.id, replyTo: undefined, headers: {} });
  });

  it('rejects what no frame can hold, and goes on', async () => {
    const connection = await fixture.connected();
    const { updates } = fixture.topology;
    const tooLong = connection.publish(updates, hello(1), { replyTo: 'ü'.repeat(128) });
    await expect(tooLong).rejects.toThrow('the reply queue of a message has 256 bytes, at most 255 can be sent');
    await connection.publish(updates, hello(2));
    expect(decodeEnvelope((await getFrom(updates.name)).content).hello).toEqual({ allocation_term: 2 });
  });

  it('counts each confirmation for its own message, among copies that nobody waits for', async () => {
    const metrics = new Registry();
    const connection = await fixture.connected({ metrics });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, term) => {
        connection.publishCopy(hello(term));
        return term % 3 === 0 ? connection.publishReply('nobody', hello(term)) : connection.publish(fixture.topology.updates, hello(term));
      }),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map((_, term) => (term % 3 === 0 ? 'rejected' : 'fulfilled')));
    const published = await metrics.getSingleMetricAsString('streams_on_mesos_amqp_published_total');
    expect(published).toContain('{result="confirmed"} 200');
    expect(published).toContain('{result="returned"} 100');
  });

  it('declares a queue anew that somebody has deleted, without a reconnection', async () => {
    const connection = await fixture.connected();
    const disconnected = vi.fn();
    connection.onDisconnected(disconnected);
    const { updates, answers } = fixture.topology;
    for (const queue of [updates, answers, updates]) {
      await withBareChannel((channel) => channel.deleteQueue(queue.name));
      await expect(connection.publish(queue, hello(1))).rejects.toMatchObject({ reason: 'returned' });
      await until('the queue', 20_000, () =>
        connection.publish(queue, hello(2)).then(
          () => true,
          () => false,
        ),
      );
    }
    const terms = fixture.collect(connection);
    await until('the message', 20_000, () => terms.includes(2));
    expect(disconnected).not.toHaveBeenCalled();
  });
});
