import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topologyOf } from '@streams-on-mesos/messages';
import { until } from '@streams-on-mesos/local-environment';
import { bundleService } from '@streams-on-mesos/local-environment/testing/service-process';
import { AmqpConnection } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { AllocationProcess } from './testing/allocation-process.js';
import { OfferServiceOnTheWire } from './testing/offer-service-on-the-wire.js';
import { EventReader, type ReadEvent } from './testing/event-reader.js';

let directory: string;
let bundle: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'allocation-events-'));
  bundle = await bundleService('allocation-service', directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('the changes can be followed over a crash of the leader: the next one tells all there is, and goes on', async () => {
  const frameworkName = `events-${randomUUID()}`;
  const start = async (): Promise<AllocationProcess> => {
    const env = { FRAMEWORK_NAME: frameworkName, ZOOKEEPER: inject('zookeeper'), RABBITMQ_URL: inject('rabbitmqUrl') };
    const process = await AllocationProcess.start(bundle, env);
    onTestFinished(() => process.stop());
    return process;
  };
  const follow = async (url: string, lastEventId?: string): Promise<EventReader> => {
    const reader = await EventReader.open(url, lastEventId);
    onTestFinished(() => reader.close());
    return reader;
  };
  // Answers the hello of each leader, without which none is ready.
  const topology = topologyOf(frameworkName);
  const end = new AbortController();
  const amqp = AmqpConnection.connect({ url: inject('rabbitmqUrl'), topology, logger: pino({ level: 'silent' }), signal: end.signal });
  onTestFinished(() => {
    end.abort();
    return amqp.close();
  });
  await amqp.whenConnected();
  new OfferServiceOnTheWire(amqp, topology, end.signal);

  const leader = await start();
  await leader.untilReady('leader');
  const standby = await start();
  await standby.untilReady('standby');

  // A standby sends who follows to the leader.
  const first = await follow(standby.url);
  expect(await first.next()).toMatchObject({ event: 'snapshot', data: { resources: [] } });
  await leader.putConfig({ num_of_node: 2 });
  const seen: ReadEvent[] = [];
  while (seen.filter(({ event }) => event === 'resource').length < 2) seen.push(await first.next());
  const [one, ...others] = seen;

  const again = await follow(leader.url, one?.id);
  for (const event of others) expect(await again.next()).toEqual(event);

  await leader.kill();
  await expect(first.next()).rejects.toThrow();
  await standby.untilReady('leader');
  const next = await until('the next leader answers', 20_000, () => follow(standby.url, seen.at(-1)?.id).catch(() => undefined));
  const snapshot = await next.next();
  expect(snapshot).toMatchObject({
    event: 'snapshot',
    data: { config: { num_of_node: 2 }, resources: [{ id: 'resource_0', state: 'NEW' }, { id: 'resource_1' }] },
  });
  const termOf = ({ id }: ReadEvent): number => Number(id.split('-')[0]);
  expect(termOf(snapshot)).toBeGreaterThan(termOf(seen[0] ?? snapshot));
  await standby.putConfig({ num_of_node: 3 });
  const more: ReadEvent[] = [];
  while (!more.some(({ data }) => data['id'] === 'resource_2')) more.push(await next.next());
  expect(more.every(({ id }) => id.startsWith(`${termOf(snapshot)}-`))).toBe(true);
});
