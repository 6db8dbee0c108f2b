import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import { afterAll, expect, inject, it } from 'vitest';
import type { OfferProcess } from './testing/offer-process.js';
import { OfferWorld } from './testing/offer-world.js';

const world = OfferWorld.forEachTest();
const directory = mkdtempSync(join(tmpdir(), 'offer-service-secrets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SECRET = 'hush-for-mesos';
const secretFile = join(directory, 'secret');
writeFileSync(secretFile, `${SECRET}\n`);
const withCredentials = { LOG_LEVEL: 'trace', MESOS_PRINCIPAL: 'streams', MESOS_SECRET_FILE: secretFile };

/** All that a process says of itself. */
const said = async (process: OfferProcess): Promise<string> => {
  const pages = ['/api/v1/state', '/metrics', '/readyz'].map(async (path) => (await fetch(`${process.url}${path}`)).text());
  return [readFileSync(process.part.logFile, 'utf8'), ...(await Promise.all(pages))].join('\n');
};

it('the secret of Mesos shows neither in logs nor over HTTP, whatever goes wrong', async () => {
  const process = await world.startFlowing(withCredentials);
  world.mesos.refusal = 'Not authorized';
  world.mesos.cut();
  await until('the refusal is logged', 20_000, async () => (await said(process)).includes('Not authorized'), 50);
  const text = await said(process);
  expect(text).toContain('subscribed');
  for (const secret of [SECRET, Buffer.from(`streams:${SECRET}`).toString('base64')]) expect(text).not.toContain(secret);
});

it('nor do the passwords of the broker and of ZooKeeper show, when they are refused', async () => {
  const process = await world.start({
    LOG_LEVEL: 'trace',
    RABBITMQ_URL: `amqp://nobody:hush-for-broker@${world.broker.address}`,
    MESOS_MASTER: `zk://nobody:hush-for-zookeeper@${inject('zookeeper')}/none`,
  });
  await until(
    'both are tried',
    20_000,
    async () => /ACCESS[-_]REFUSED[\s\S]*no leading master|no leading master[\s\S]*ACCESS[-_]REFUSED/.test(await said(process)),
    50,
  );
  expect(await said(process)).not.toContain('hush-for');
});
