// Commands that speak to Mesos, at a master that speaks https alone, with a certificate of an authority of its own, and demands one of its clients.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster } from '@streams-on-mesos/local-cluster';
import { TlsFront } from '@streams-on-mesos/local-environment/testing/tls-front';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../testing/cli.js';
import { completedFrameworks, subscribeFramework } from '../testing/frameworks.js';

const file = (name: string): string => join(import.meta.dirname, '../../../mesos/testdata/tls', name);
const pem = (name: string): Buffer => readFileSync(file(name));

let workDir: string;
let cluster: LocalCluster;
let front: TlsFront;

beforeAll(async () => {
  workDir = mkdtempSync(join(tmpdir(), 'cli-tls-'));
  cluster = await startLocalCluster({ agents: 1, workDir, allocationIntervalMs: 50 });
  front = await TlsFront.start(cluster.address, {
    cert: pem('master.pem'),
    key: pem('master.key'),
    ca: pem('ca.pem'),
    requestCert: true,
    rejectUnauthorized: true,
  });
});

afterAll(async () => {
  await front.close();
  await cluster.stop();
  rmSync(workDir, { recursive: true, force: true });
});

const authority = ['--ca-file', file('ca.pem')];
const known = [...authority, '--cert-file', file('client.pem'), '--key-file', file('client.key')];
const execute = ['execute', '--name', 'over-tls', '--command', 'true'];

describe('a master that speaks https', () => {
  it.each(['protobuf', 'json'])('execute runs a task over TLS, in %s', async (encoding) => {
    const ran = await cli([...execute, '--master', front.address, '--encoding', encoding, ...known]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("TASK_FINISHED for task 'over-tls'") as string });
  });

  it('takes the files from the environment too, and https from the address', async () => {
    const env = {
      MESOS_MASTER: `https://${front.address}`,
      MESOS_CA_FILE: file('ca.pem'),
      MESOS_CERT_FILE: file('client.pem'),
      MESOS_KEY_FILE: file('client.key'),
    };
    expect(await cli(['resolve'], env)).toEqual({ code: 0, stdout: `https://${front.address}\n`, stderr: '' });
    const id = await subscribeFramework(cluster);
    expect(await cli(['teardown', id, '--yes'], env)).toMatchObject({ code: 0, stdout: `framework ${id} is torn down\n` });
    expect(await completedFrameworks(cluster)).toContain(id);
  });

  it('resolve asks each master of a list over TLS', async () => {
    // The cluster's own address is in its redirect, so what is printed is not the front's.
    const resolved = await cli(['resolve', `127.0.0.1:1,${front.address}`, ...known]);
    expect(resolved).toMatchObject({ code: 0, stdout: `https://${cluster.address}\n` });
  });

  const https = (): string => `https://${front.address}`;
  const list = (): string => `127.0.0.1:1,${front.address}`;
  it.each([
    ['execute without the authority', () => [...execute, '--master', https()], /certificate.*: set MESOS_CA_FILE/],
    [
      'execute without a certificate',
      () => [...execute, '--master', https(), ...authority],
      /certificate.*: set MESOS_CERT_FILE and MESOS_KEY_FILE/,
    ],
    ['teardown without the authority', () => ['teardown', 'x', '--yes', '--master', https()], /certificate.*: set MESOS_CA_FILE/],
    [
      'teardown without a certificate',
      () => ['teardown', 'x', '--yes', '--master', https(), ...authority],
      /certificate.*: set MESOS_CERT_FILE/,
    ],
    ['teardown by http', () => ['teardown', 'x', '--yes', '--master', front.address], /if it speaks https, set MESOS_CA_FILE/],
    [
      'teardown by https where http is spoken',
      () => ['teardown', 'x', '--yes', '--master', cluster.address, ...authority],
      /it speaks http/,
    ],
    [
      'execute by http, which a master that just ends looks like',
      () => [...execute, '--master', front.address, '--timeout', '1'],
      /if it speaks https, set MESOS_CA_FILE/,
    ],
    ['resolve of a list by http', () => ['resolve', list(), '--timeout', '1'], /if it speaks https, set MESOS_CA_FILE/],
    ['resolve of a list without a certificate', () => ['resolve', list(), '--timeout', '1', ...authority], /set MESOS_CERT_FILE/],
  ])('%s says why it fails, and what to do', async (_case, args, message) => {
    const { code, stderr } = await cli(args());
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  it('does not follow a redirect to http: principal and secret would travel in the open', async () => {
    const asked: unknown[] = [];
    const open = createServer((request, response) => {
      asked.push(request.headers);
      response.end();
    });
    await once(open.listen(0, '127.0.0.1'), 'listening');
    const location = `http://127.0.0.1:${(open.address() as AddressInfo).port}/master/teardown`;
    const options = { cert: pem('master.pem'), key: pem('master.key') };
    const standby = createTlsServer(options, (_request, response) => response.writeHead(307, { location }).end());
    await once(standby.listen(0, '127.0.0.1'), 'listening');
    const master = `https://127.0.0.1:${(standby.address() as AddressInfo).port}`;
    const secrets = ['--principal', 'op', '--secret-file', file('README.md')];
    const refused = await cli(['teardown', 'x', '--yes', '--master', master, ...authority, ...secrets]);
    for (const server of [open, standby]) server.close().closeAllConnections();
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('names no master to ask over https') as string });
    expect(asked).toEqual([]);
  });
});
