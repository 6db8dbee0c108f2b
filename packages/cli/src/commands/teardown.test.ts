import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startLocalCluster, type LocalCluster } from '@streams-on-mesos/local-cluster';
import { codecOf, RecordReader } from '@streams-on-mesos/mesos';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../testing/cli.js';

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

/** The id of a framework that subscribed, and has a minute to come back. */
const subscribe = async (cluster: LocalCluster): Promise<string> => {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const codec = codecOf('json');
  const frameworkInfo = {
    user: 'root',
    name: 'victim',
    failover_timeout: 60,
    roles: ['*'],
    capabilities: [{ type: 'MULTI_ROLE' as const }],
  };
  const response = await fetch(`http://${cluster.address}/api/v1/scheduler`, {
    method: 'POST',
    headers: { 'content-type': codec.mediaType, accept: codec.mediaType },
    body: codec.encodeCall({ type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } }),
    signal: over.signal,
  });
  const reader = new RecordReader();
  for await (const chunk of response.body ?? []) {
    const [record] = reader.read(chunk);
    if (record === undefined) continue;
    const id = codec.decodeEvent(record).subscribed?.framework_id.value;
    if (id !== undefined) return id;
  }
  throw new Error(`not subscribed: ${response.status}`);
};

const completed = async (cluster: LocalCluster): Promise<string[]> => {
  const answer = await fetch(`http://${cluster.address}/master/frameworks`);
  return ((await answer.json()) as { completed_frameworks: { id: string }[] }).completed_frameworks.map(({ id }) => id);
};

describe('teardown', () => {
  const teardown = (cluster: LocalCluster, args: string[], env = {}) => cli(['teardown', '--master', cluster.address, ...args], env);

  it('removes the framework that is named, once it is meant', async () => {
    const id = await subscribe(open);
    const unsure = await teardown(open, [id]);
    expect(unsure).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes') as string });
    expect(await completed(open)).not.toContain(id);
    expect(await teardown(open, [id, '--yes', '--json'])).toMatchObject({ code: 0, stderr: '' });
    expect(await completed(open)).toContain(id);
    expect(await teardown(open, [id, '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`framework ${id} is unknown to the master`) as string,
    });
  });

  it('asks whoever sits at the terminal', async () => {
    const id = await subscribe(open);
    const answering = (text: string) => {
      const stdin = Object.assign(new PassThrough(), { isTTY: true });
      stdin.write(text);
      return cli(['teardown', '--master', open.address, id], {}, stdin);
    };
    expect(await answering('no\n')).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was done') as string });
    expect(await completed(open)).not.toContain(id);
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

  it('says when no master answers', async () => {
    const nobody = await cli(['teardown', 'x', '--yes', '--master', '127.0.0.1:1']);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') as string });
  });
});
