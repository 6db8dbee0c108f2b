import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { revive } from '../calls.js';
import { detectMaster } from '../detection/detect-master.js';
import { parseMasterAddress } from '../detection/master-address.js';
import { SchedulerClient } from '../scheduler-client.js';
import { ScriptedMaster } from '../testing/scripted-master.js';
import type { TlsSettings } from './tls.js';

const pem = (name: string) => readFileSync(join(import.meta.dirname, '../../testdata/tls', name));
const ca = pem('ca.pem');
const client: TlsSettings = { ca, cert: pem('client.pem'), key: pem('client.key') };

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const startMaster = async () => {
  const master = await ScriptedMaster.start('json', { cert: pem('master.pem'), key: pem('master.key'), ca, requestCert: true });
  cleanUps.push(() => master.stop());
  return master;
};

const startClient = (master: string, tls: TlsSettings | undefined) => {
  const logs: string[] = [];
  const abort = new AbortController();
  cleanUps.push(() => abort.abort());
  const scheduler = new SchedulerClient({
    master,
    tls,
    frameworkInfo: { user: 'nobody', name: 'test' },
    encoding: 'json',
    backoff: { firstMs: 2, maxMs: 20 },
    log: (_level, message, fields) => logs.push(`${message} ${JSON.stringify(fields)}`),
  });
  return { scheduler, logs, notices: scheduler.subscribe({ signal: abort.signal }) };
};

describe('a master that demands a certificate of an authority of its own', () => {
  it('gets the subscription and the calls of a client that has one', async () => {
    const master = await startMaster();
    const { scheduler, notices } = startClient(master.url, client);
    const told = notices.next();
    (await master.subscribes.next()).accept();
    expect((await told).value).toMatchObject({ kind: 'subscribed' });
    expect(await scheduler.call(revive())).toEqual({ result: 'sent' });
  });

  it('is followed to by a redirect that names it by host name, its certificate having both', async () => {
    const [standby, leader] = [await startMaster(), await startMaster()];
    const { scheduler, notices } = startClient(standby.url, client);
    const told = notices.next();
    const port = new URL(leader.url).port;
    (await standby.subscribes.next()).refuse(307, '', { Location: `//localhost:${port}/api/v1/scheduler` });
    (await leader.subscribes.next()).accept();
    expect((await told).value).toMatchObject({ kind: 'subscribed' });
    expect(scheduler.status.master).toBe(`https://localhost:${port}`);
    expect(await scheduler.call(revive())).toEqual({ result: 'sent' });
    expect(leader.calls.all).toHaveLength(1);
  });

  it('is found through a list of masters', async () => {
    const master = await startMaster();
    master.leader = master.host;
    const abort = new AbortController();
    cleanUps.push(() => abort.abort());
    const address = parseMasterAddress(`${master.host},127.0.0.1:1`, 'https');
    for await (const leader of detectMaster(address, { signal: abort.signal, tls: client })) {
      expect(leader?.url).toBe(master.url);
      break;
    }
  });

  it.each([
    ['without the authority', undefined, /certificate/],
    ['without a certificate', { ca }, /certificate required|ECONNRESET|socket|closed|alert/],
  ])('%s there is no subscription, and the log says why', async (_case, tls, why) => {
    const master = await startMaster();
    const { logs, notices } = startClient(master.url, tls);
    void notices.next();
    await expect.poll(() => logs.find((line) => line.startsWith('could not subscribe'))).toMatch(why);
    expect(master.subscribes.all).toEqual([]);
  });
});
