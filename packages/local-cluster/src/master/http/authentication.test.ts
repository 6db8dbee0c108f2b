import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters, testFramework } from '../../testing/test-cluster.js';
import { WireClient, type Exchange } from '../../testing/wire-client.js';

afterEach(stopTestClusters);

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const start = () =>
  startTestCluster({
    agents: 0,
    authentication: {
      frameworks: true,
      readonly: true,
      readwrite: true,
      credentials: new Map([
        ['me', 'secret'],
        ['you', 'other'],
      ]),
    },
  });

const ask = async (url: string, authorization: string | undefined, exchange: Exchange) => {
  const client = new WireClient(url, 'json');
  const headers = { ...exchange.headers, ...(authorization === undefined ? {} : { Authorization: authorization }) };
  try {
    return await client.exchange({ ...exchange, headers });
  } finally {
    client.close();
  }
};

const post = (path: string, body: object): Exchange => ({
  method: 'POST',
  path,
  headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
  body: JSON.stringify(body),
});

describe('authentication', () => {
  it.each([
    ['/api/v1/scheduler', 'mesos-master-scheduler'],
    ['/master/api/v1/scheduler', 'mesos-master-scheduler'],
    ['/api/v1', 'mesos-master-readwrite'],
    ['/teardown', 'mesos-master-readwrite'],
    ['/master/state', 'mesos-master-readonly'],
    ['/metrics/snapshot', 'mesos-master-readonly'],
  ])('%s asks for who is calling, in its realm', async (path, realm) => {
    const { url } = await start();
    for (const authorization of [undefined, basic('me:wrong'), basic('nobody:secret'), 'Bearer x', basic('me:secret:more')]) {
      const { status, headers, body } = await ask(url, authorization, { method: 'GET', path });
      expect({ status, body }).toEqual({ status: 401, body: '401 Unauthorized.' });
      expect(headers).toMatchObject({ 'www-authenticate': `Basic realm="${realm}"`, 'content-type': 'text/plain; charset=utf-8' });
    }
    expect((await ask(url, basic('me:secret'), { method: 'GET', path })).status).not.toBe(401);
  });

  it('/health, /version and /redirect ask nobody', async () => {
    const { url } = await start();
    for (const path of ['/health', '/version', '/redirect'])
      expect((await ask(url, undefined, { method: 'GET', path })).status).not.toBe(401);
  });

  it('a framework is whose principal it names, or who subscribed it', async () => {
    const { url } = await start();
    const subscribe = (principal?: string) =>
      post('/api/v1/scheduler', {
        type: 'SUBSCRIBE',
        subscribe: { framework_info: testFramework(principal === undefined ? {} : { principal }) },
      });
    expect(await ask(url, basic('me:secret'), subscribe('you'))).toMatchObject({
      status: 400,
      body: "Failed to validate scheduler::Call: Authenticated principal 'me' does not match principal 'you' set in `FrameworkInfo`",
    });

    const stream = await fetch(`${url}/api/v1/scheduler`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: basic('me:secret') },
      body: subscribe().body?.toString() ?? '',
    });
    expect(stream.status).toBe(200);
    const { frameworks } = JSON.parse((await ask(url, basic('you:other'), { method: 'GET', path: '/frameworks' })).body) as {
      readonly frameworks: readonly { readonly id: string; readonly principal: string }[];
    };
    expect(frameworks[0]?.principal).toBe('me');
    const revive = post('/api/v1/scheduler', { type: 'REVIVE', framework_id: { value: frameworks[0]?.id } });
    expect(await ask(url, basic('you:other'), revive)).toMatchObject({
      status: 400,
      body: "Authenticated principal 'you' does not match principal 'me' set in `FrameworkInfo`",
    });
    await stream.body?.cancel();
  });
});
