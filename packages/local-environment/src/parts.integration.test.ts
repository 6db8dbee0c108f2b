import amqp from 'amqplib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, inject, it } from 'vitest';
import { processesOfRun, startRabbitMq, until } from './index.js';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

it('starts a broker beside another, in a path with blanks, that keeps its data and leaves nothing running', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'streams on mesos '));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  const first = await startRabbitMq({ dir });
  cleanUps.push(first.stop);
  expect(first.url).not.toBe(inject('rabbitmqUrl'));

  const connection = await amqp.connect(first.url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue('kept', { durable: true });
  channel.sendToQueue('kept', Buffer.from('still here'), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
  await first.stop();
  await until('no process left', 5_000, () => processesOfRun(dir).length === 0);

  const second = await startRabbitMq({ dir, ports: first.ports });
  cleanUps.push(second.stop);
  const again = await amqp.connect(second.url, { noDelay: true });
  const message = await (await again.createChannel()).get('kept', { noAck: true });
  expect(message === false ? undefined : message.content.toString()).toBe('still here');
  await again.close();
});
