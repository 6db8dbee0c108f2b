import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startLocalCluster, type LocalCluster } from '@streams-on-mesos/local-cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../testing/cli.js';
import { completedFrameworks, subscribeFramework } from '../testing/frameworks.js';

let workDir: string;
let open: LocalCluster;
let guarded: LocalCluster;
let secret: string;

beforeAll(async () => {
  workDir = mkdtempSync(join(tmpdir(), 'cli-teardown-'));
  secret = join(workDir, 'secret');
  writeFileSync(secret, 'sesame\n');
  open = await startLocalCluster({ agents: 0, workDir: join(workDir, 'open') });
  const authentication = { frameworks: false, readonly: false, readwrite: true, credentials: new Map([['op', 'sesame']]) };
  guarded = await startLocalCluster({ agents: 0, workDir: join(workDir, 'guarded'), authentication });
});

afterAll(async () => {
  await Promise.all([open.stop(), guarded.stop()]);
  rmSync(workDir, { recursive: true, force: true });
});

describe('teardown', () => {
  const teardown = (cluster: LocalCluster, args: string[], env = {}) => cli(['teardown', '--master', cluster.address, ...args], env);

  it('removes the framework that is named, once it is meant', async () => {
    const id = await subscribeFramework(open);
    const unsure = await teardown(open, [id]);
    expect(unsure).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes') as string });
    expect(await completedFrameworks(open)).not.toContain(id);
    expect(await teardown(open, [id, '--yes', '--json'])).toMatchObject({ code: 0, stderr: '' });
    expect(await completedFrameworks(open)).toContain(id);
    expect(await teardown(open, [id, '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`framework ${id} is unknown to the master`) as string,
    });
  });

  it('asks whoever sits at the terminal', async () => {
    const id = await subscribeFramework(open);
    const answering = (text: string) => {
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      stdin.write(text);
      return cli(['teardown', '--master', open.address, id], {}, stdin);
    };
    expect(await answering('no\n')).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was done') as string });
    expect(await completedFrameworks(open)).not.toContain(id);
    expect(await answering('yes\n')).toMatchObject({ code: 0, stdout: `framework ${id} is torn down\n` });
  });

  it('shows the master who asks, and says what to do when it does not believe it', async () => {
    const refused = await teardown(guarded, ['some-id', '--yes']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/--principal.*MESOS_SECRET_FILE/) as string });
    const env = { MESOS_PRINCIPAL: 'op', MESOS_SECRET_FILE: secret };
    const unknown = await teardown(guarded, ['some-id', '--yes'], env);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('framework some-id is unknown') as string });
    expect(refused.stderr + unknown.stderr).not.toContain('sesame');
  });

  it('says what the principal lacks when the master does not let it', async () => {
    // The local cluster knows no ACLs.
    const master = createServer((_request, response) => response.writeHead(403).end());
    await once(master.listen(0, '127.0.0.1'), 'listening');
    const { port } = master.address() as AddressInfo;
    const refused = await cli(['teardown', 'x', '--yes', '--master', `http://127.0.0.1:${port}`]);
    master.close();
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the ACL teardown_frameworks') as string });
  });

  it('asks the leader that a standby points to, with the credentials', async () => {
    const asked: unknown[] = [];
    const leader = createServer((request, response) => {
      const { authorization } = request.headers;
      request.setEncoding('utf8').on('data', (body: string) => asked.push([request.method, request.url, authorization, body]));
      request.on('end', () => response.end());
    });
    await once(leader.listen(0, '127.0.0.1'), 'listening');
    const hostAndPort = (server: typeof leader) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
    // as a master writes it: without a scheme (src/master/http.cpp)
    const location = `//${hostAndPort(leader)}/master/teardown`;
    const standby = createServer((_request, response) => response.writeHead(307, { location }).end());
    await once(standby.listen(0, '127.0.0.1'), 'listening');
    const args = ['teardown', 'fw-1', '--yes', '--master', hostAndPort(standby), '--principal', 'op', '--secret-file', secret];
    expect(await cli(args)).toMatchObject({ code: 0, stdout: 'framework fw-1 is torn down\n' });
    for (const server of [standby, leader]) server.close().closeAllConnections();
    const basic = `Basic ${Buffer.from('op:sesame').toString('base64')}`;
    expect(asked).toEqual([['POST', '/master/teardown', basic, 'frameworkId=fw-1']]);
  });

  it('says when no master answers', async () => {
    const nobody = await cli(['teardown', 'x', '--yes', '--master', '127.0.0.1:1']);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') as string });
  });
});
