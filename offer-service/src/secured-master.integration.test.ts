import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import { TlsFront } from '@streams-on-mesos/local-environment/testing/tls-front';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { taskOf } from './testing/allocation-on-the-wire.js';
import { ClusterOfWorld } from './testing/cluster-of-world.js';
import type { OfferProcess } from './testing/offer-process.js';
import { OfferWorld } from './testing/offer-world.js';

const file = (name: string): string => join(import.meta.dirname, '../../packages/mesos/testdata/tls', name);
const pem = (name: string): Buffer => readFileSync(file(name));
const directory = mkdtempSync(join(tmpdir(), 'offer-service-secured-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const secretFile = (secret: string): string => {
  const path = join(directory, secret);
  writeFileSync(path, `${secret}\n`);
  return path;
};

describe('offer-service at a master that speaks https, demands a certificate, and wants to know who asks', () => {
  const world = OfferWorld.forEachTest();
  const clusters = ClusterOfWorld.forEachTest();
  let front: TlsFront | undefined;
  afterEach(async () => {
    await front?.close();
    front = undefined;
  });

  /** The address of such a master. */
  const secured = async (): Promise<string> => {
    const credentials = new Map([['streams', 'sesame']]);
    const cluster = await clusters.start({
      agents: 1,
      authentication: { frameworks: true, readonly: false, readwrite: false, credentials },
    });
    const certificates = { cert: pem('master.pem'), key: pem('master.key'), ca: pem('ca.pem') };
    front = await TlsFront.start(cluster.address, { ...certificates, requestCert: true, rejectUnauthorized: true });
    return front.address;
  };

  const everything = (): Record<string, string> => ({
    MESOS_CA_FILE: file('ca.pem'),
    MESOS_CERT_FILE: file('client.pem'),
    MESOS_KEY_FILE: file('client.key'),
    MESOS_PRINCIPAL: 'streams',
    MESOS_SECRET_FILE: secretFile('sesame'),
  });

  const logged = (process: OfferProcess, line: RegExp): Promise<unknown> =>
    until(`the log has ${String(line)}`, 20_000, () => line.test(readFileSync(process.part.logFile, 'utf8')), 50);

  it('subscribes, launches, acknowledges and kills', async () => {
    const process = await world.start({ MESOS_MASTER: await secured(), ...everything() });
    await process.untilReady('leader');
    await world.allocationLeads();
    await world.allocation.desire(true);
    const offer = await world.allocation.offer();
    expect(await world.allocation.launch(offer, taskOf(offer, 't1', 'sleep 1000'))).toMatchObject({ result: 'SENT' });
    await world.allocation.untilState('t1', 'TASK_RUNNING');
    expect(await world.allocation.call({ kill: { task_id: 't1', grace_seconds: 1 } })).toMatchObject({ result: 'SENT' });
    await world.allocation.untilState('t1', 'TASK_KILLED');
    expect((await process.state()).master).toMatch(/^https:/);
  });

  it.each([
    [
      'without the authority, by an https address',
      'https://',
      ['MESOS_CA_FILE', 'MESOS_CERT_FILE', 'MESOS_KEY_FILE'],
      /certificate.*set MESOS_CA_FILE/,
    ],
    [
      'by http, as without MESOS_CA_FILE',
      '',
      ['MESOS_CA_FILE', 'MESOS_CERT_FILE', 'MESOS_KEY_FILE'],
      /if it speaks https, set MESOS_CA_FILE/,
    ],
    ['without a certificate', '', ['MESOS_CERT_FILE', 'MESOS_KEY_FILE'], /certificate required.*set MESOS_CERT_FILE and MESOS_KEY_FILE/],
    ['without a principal', '', ['MESOS_PRINCIPAL', 'MESOS_SECRET_FILE'], /401.*check principal and secret/],
  ])('%s it says why it does not subscribe, and what to do', async (_case, scheme, missing, message) => {
    const env = Object.entries(everything()).filter(([name]) => !missing.includes(name));
    const process = await world.start({ MESOS_MASTER: `${scheme}${await secured()}`, ...Object.fromEntries(env) });
    await logged(process, message);
    expect((await process.readiness()).status).toBe(503);
  });

  it('with another secret it goes on trying, and shows neither of the two', async () => {
    const process = await world.start({ MESOS_MASTER: await secured(), ...everything(), MESOS_SECRET_FILE: secretFile('wrong-word') });
    await logged(process, /401[\s\S]*401.*check principal and secret/);
    expect(readFileSync(process.part.logFile, 'utf8')).not.toMatch(/wrong-word|sesame/);
  });
});
