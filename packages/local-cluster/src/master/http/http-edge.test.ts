import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

/** All that comes on one connection for these bytes, until `parts` answers are there. */
const send = (address: string, bytes: Buffer | string, parts: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = address.split(':');
    const socket = connect(Number(port), host, () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.split('HTTP/1.1 ').length - 1 < parts) return;
      socket.destroy();
      resolve(text);
    });
    socket.on('error', reject);
  });

const head = (framework: TestFramework, more: string): string =>
  `POST /api/v1/scheduler HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nMesos-Stream-Id: ${framework.subscription.streamId}\r\n${more}\r\n`;

const reconcile = (framework: TestFramework, task: string): string =>
  JSON.stringify({ type: 'RECONCILE', framework_id: { value: framework.id }, reconcile: { tasks: [{ task_id: { value: task } }] } });

const answered = (framework: TestFramework): string[] =>
  framework.subscription.events.flatMap(({ update }) => (update === undefined ? [] : [update.status.task_id.value]));

describe('calls on one connection', () => {
  it('that are sent without waiting are performed and answered in order', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const framework = await TestFramework.subscribe(cluster.url);
    const tasks = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const requests = tasks.map((task) => {
      const body = reconcile(framework, task);
      return `${head(framework, `Content-Length: ${body.length}\r\n`)}${body}`;
    });
    const text = await send(cluster.address, `${requests.join('')}GET /no HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 21);
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([...tasks.map(() => '202'), '404']);
    await framework.status('t19', 'TASK_UNKNOWN');
    expect(answered(framework)).toEqual(tasks);
  });

  it('may come in chunks, or compressed', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const framework = await TestFramework.subscribe(cluster.url);
    const [one, two] = [reconcile(framework, 'one').slice(0, 20), reconcile(framework, 'one').slice(20)];
    const chunked = `${head(framework, 'Transfer-Encoding: chunked\r\n')}${[one, two, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}`;
    expect(await send(cluster.address, chunked, 1)).toContain('202 Accepted');
    const zipped = gzipSync(reconcile(framework, 'two'));
    const bytes = Buffer.concat([Buffer.from(head(framework, `Content-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n`)), zipped]);
    expect(await send(cluster.address, bytes, 1)).toContain('202 Accepted');
    await framework.status('two', 'TASK_UNKNOWN');
  });

  it('go to the path that redirections name, too; a stream id of any length that is not its own is refused', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const framework = await TestFramework.subscribe(cluster.url);
    expect(framework.subscription.streamId.length).toBeLessThanOrEqual(128);
    const client = new WireClient(cluster.url, 'json');
    const post = (id: string) =>
      client.exchange({
        method: 'POST',
        path: '/master/api/v1/scheduler',
        headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': id },
        body: reconcile(framework, 'a'),
      });
    expect(await post(framework.subscription.streamId)).toMatchObject({ status: 202, body: '' });
    expect(await post('x'.repeat(1000))).toMatchObject({ status: 400 });
    client.close();
  });
});

describe('answers', () => {
  it.each([
    ['gzip, deflate', true],
    ['*', true],
    ['gzip;q=0, *', false],
    ['deflate', false],
    ['', false],
  ])('accepting %j a long one is compressed: %s', async (accepted, zipped) => {
    const cluster = await startTestCluster({ agents: 0 });
    const text = await send(cluster.address, `GET /state HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: ${accepted}\r\n\r\n`, 1);
    expect(/content-encoding: gzip\r\n/i.test(text)).toBe(zipped);
  });

  it('a short one never is', async () => {
    const cluster = await startTestCluster({ agents: 0 });
    const text = await send(cluster.address, 'GET /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n', 1);
    expect(text).not.toMatch(/content-encoding/i);
    expect(text).toContain('{"tasks":[]}');
  });

  // For scripts that look for them as docs/scheduler-http-api.md shows them.
  it.each([
    [
      'SUBSCRIBE',
      'POST /api/v1/scheduler',
      '{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"root","name":"x"}}}',
      ['Content-Type', 'Mesos-Stream-Id'],
    ],
    ['a redirection', 'GET /redirect', '', ['Location', 'Content-Length']],
    ['another method', 'GET /api/v1', '', ['Allow', 'Content-Type']],
    ['a state', 'GET /state', '', ['Content-Type', 'Content-Length', 'Content-Encoding']],
  ])('%s: headers are spelled as Mesos spells them', async (_what, request, body, names) => {
    const cluster = await startTestCluster({ agents: 0 });
    const lines = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\nAccept-Encoding: gzip';
    const text = await send(cluster.address, `${request} HTTP/1.1\r\n${lines}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 1);
    const sent = [...text.matchAll(/^([\w-]+): /gm)].map(([, name]) => name);
    expect(sent).toEqual(expect.arrayContaining(names));
  });
});
