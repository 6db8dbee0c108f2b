import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRabbitMq, until } from '@streams-on-mesos/local-environment';
import { describe, expect, it } from 'vitest';
import { BrokerFixture, hello, termOf } from './testing/broker-fixture.js';

const fixture = BrokerFixture.use();

describe('replies and copies', () => {
  it('reach the asker, also after a reconnection', async () => {
    const proxy = await fixture.proxied();
    const asker = await fixture.connected({ url: `amqp://${proxy.address}` });
    const answerer = await fixture.connected();
    answerer.consume(
      fixture.topology.requests,
      async (delivery) => {
        await answerer.publishReply(delivery.replyTo ?? '', hello((termOf(delivery) ?? 0) * 10), { traceId: delivery.envelope.trace_id });
        delivery.ack();
      },
      { prefetch: 10, signal: fixture.stop.signal },
    );
    const replies: number[] = [];
    const replyTo = await asker.openReplyQueue((delivery) => void replies.push(termOf(delivery) ?? -1), { signal: fixture.stop.signal });
    await asker.publish(fixture.topology.requests, hello(1), { replyTo });
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
    const connection = await fixture.connected();
    connection.publishCopy(hello(0));
    const copies: [number[], number[]] = [[], []];
    for (const list of copies) connection.bindCopies((delivery) => void list.push(termOf(delivery) ?? -1), { signal: fixture.stop.signal });
    await until('both', 20_000, () => {
      connection.publishCopy(hello(1));
      return copies.every((list) => list.length > 0);
    });
  });
});

describe('reconnection', () => {
  it('is waited for, or not, or given up', async () => {
    const proxy = await fixture.proxied();
    proxy.down();
    const connection = fixture.connect({ url: `amqp://${proxy.address}` });
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
    fixture.closing(async () => rmSync(dir, { recursive: true, force: true }));
    const connection = await fixture.connected({ url: broker.url });
    let connections = 0;
    connection.onConnected(() => connections++);
    const terms = fixture.collect(connection, fixture.topology.updates);
    const calls = fixture.collect(connection, fixture.topology.calls);
    await connection.publish(fixture.topology.updates, hello(1));
    await until('the first', 20_000, () => terms.length === 1);

    await broker.stop();
    await until('the disconnection', 20_000, () => !connection.connected);
    const again = await startRabbitMq({ dir, ports: broker.ports });
    fixture.closing(() => again.stop());
    await connection.whenConnected();
    await connection.publish(fixture.topology.updates, hello(2));
    await connection.publish(fixture.topology.calls, hello(3));
    await until('the others', 20_000, () => terms.length === 2 && calls.length === 1);
    expect(connections).toBe(2);
  });
});
