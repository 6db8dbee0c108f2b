import zookeeper, { type Client } from '#zookeeper-client';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { MasterInfo } from '../../generated/protocol.js';
import { ZooKeeperLine } from '../../conformance/zookeeper-line.js';
import { until } from '../../testing/processes.js';
import { startTestCluster, stopTestClusters, TestFramework } from '../../testing/test-cluster.js';
import { WireClient, type Answer } from '../../testing/wire-client.js';

const look = async <T>(work: (client: Client, done: (error: Error | null, value: T) => void) => void): Promise<T> => {
  const client = zookeeper.createClient(inject('zookeeper'), { sessionTimeout: 10_000, spinDelay: 100, retries: 0 });
  try {
    return await new Promise<T>((resolve, reject) => {
      client.once('connected', () => work(client, (error, value) => (error === null ? resolve(value) : reject(error))));
      client.connect();
    });
  } finally {
    client.close();
  }
};

const noWatch = (): void => undefined;
const children = (path: string) =>
  look<string[]>((client, done) => client.getChildren(path, noWatch, (error, names) => done(error, names)));
const dataOf = (path: string) => look<Buffer | undefined>((client, done) => client.getData(path, (error, data) => done(error, data)));

const get = async (url: string, path: string): Promise<Answer> => {
  const wire = new WireClient(url, 'json');
  try {
    return await wire.exchange({ method: 'GET', path });
  } finally {
    wire.close();
  }
};

const redirectsTo = async (url: string, address: string): Promise<void> => {
  const last = { location: '' };
  for (let attempt = 0; attempt < 200 && last.location !== `//${address}`; attempt += 1) {
    // Nobody listens while a master is started again.
    const answer = await get(url, '/redirect').catch(() => undefined);
    last.location = answer?.status === 307 ? (answer.headers.location ?? '') : '';
    if (last.location !== `//${address}`) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(last.location).toBe(`//${address}`);
};

const newPath = () => `/local-cluster-${randomUUID()}/mesos`;
const urlOf = (path: string) => `zk://${inject('zookeeper')}${path}`;

afterEach(stopTestClusters);

describe('a master that stands for election', () => {
  it('registers as Mesos does: a json.info_ node that tells where it is', async () => {
    const path = newPath();
    const cluster = await startTestCluster({ zk: urlOf(path) });
    await redirectsTo(cluster.url, cluster.address);
    const [name, ...more] = await children(path);
    expect([name, more]).toEqual(['json.info_0000000000', []]);
    const info = JSON.parse((await dataOf(`${path}/${name}`))?.toString('utf8') ?? '{}') as MasterInfo;
    const port = Number(cluster.address.split(':')[1]);
    expect(info).toEqual({
      id: expect.any(String) as string,
      ip: 16777343,
      port,
      pid: `master@127.0.0.1:${port}`,
      hostname: '127.0.0.1',
      version: '1.12.0',
      address: { hostname: '127.0.0.1', ip: '127.0.0.1', port },
      capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
    });
    await (await TestFramework.subscribe(cluster.url)).offer();
  });

  it('leaves with its node; a second one redirects to the first until then, and leads after', async () => {
    const path = newPath();
    const first = await startTestCluster({ zk: urlOf(path) });
    await redirectsTo(first.url, first.address);
    const second = await startTestCluster({ zk: urlOf(path) });
    await redirectsTo(second.url, first.address);
    const { status, headers } = await get(second.url, '/master/state');
    expect([status, headers.location]).toEqual([307, `//${first.address}/master/state`]);

    await first.stop();
    await redirectsTo(second.url, second.address);
    expect(await children(path)).toEqual(['json.info_0000000001']);
    await (await TestFramework.subscribe(second.url)).offer();
  });

  it('whose node is taken away ends, and stands again as another process', async () => {
    const path = newPath();
    const cluster = await startTestCluster({ zk: urlOf(path) });
    await redirectsTo(cluster.url, cluster.address);
    const framework = await TestFramework.subscribe(cluster.url);
    await look<void>((client, done) => client.remove(`${path}/json.info_0000000000`, (error) => done(error, undefined)));
    await framework.subscription.untilClosed();
    await redirectsTo(cluster.url, cluster.address);
    expect(await children(path)).toEqual(['json.info_0000000001']);
    const again = await TestFramework.subscribe(cluster.url);
    expect(again.id.slice(0, 36)).not.toBe(framework.id.slice(0, 36));
    await again.offer();
  });

  it('cut off from ZooKeeper: when its session is over by its own clock it ends, and leads nobody until ZooKeeper is back', async () => {
    const line = await ZooKeeperLine.open(inject('zookeeper'));
    onTestFinished(() => line.close());
    const cluster = await startTestCluster({ zk: `zk://${line.address}${newPath()}`, zkSessionTimeoutMs: 1000 });
    await redirectsTo(cluster.url, cluster.address);
    const framework = await TestFramework.subscribe(cluster.url);
    await line.control.perform('stop-zookeeper', '');
    await framework.subscription.untilClosed();
    await until('another process', () => cluster.masters().some(({ condition }) => condition === 'following'));
    expect(await get(cluster.url, '/redirect')).toMatchObject({ status: 503, body: 'No leader elected' });
    await line.control.perform('start-zookeeper', '');
    // ZooKeeper still has the node of the process that ended, which has the same address
    await until('a leader', () => cluster.masters().some(({ condition }) => condition === 'leading'));
    await redirectsTo(cluster.url, cluster.address);
    expect((await TestFramework.subscribe(cluster.url)).id.slice(0, 36)).not.toBe(framework.id.slice(0, 36));
  });

  it('with a user and password: everybody may read its nodes, only it may change them', async () => {
    const path = newPath();
    await look<void>((client, done) =>
      client.mkdirp(path.replace(/\/mesos$/, ''), zookeeper.ACL.OPEN_ACL_UNSAFE, (error) => done(error, undefined)),
    );
    const cluster = await startTestCluster({ zk: `zk://me:secret@${inject('zookeeper')}${path}` });
    await redirectsTo(cluster.url, cluster.address);
    const acls = await look<object[]>((client, done) => client.getACL(`${path}/json.info_0000000000`, done));
    expect(acls).toMatchObject([
      { permission: 1, id: { scheme: 'world', id: 'anyone' } },
      { permission: 31, id: { scheme: 'digest', id: expect.stringMatching(/^me:/) as string } },
    ]);
    const stranger = look<void>((client, done) => client.remove(`${path}/json.info_0000000000`, (error) => done(error, undefined)));
    await expect(stranger).rejects.toThrow('NO_AUTH');
    await (await TestFramework.subscribe(cluster.url)).offer();
  });

  it('with a replicated registry its replica of the log is a member of a group of its own', async () => {
    const path = newPath();
    const cluster = await startTestCluster({ zk: urlOf(path), registry: 'replicated_log' });
    await redirectsTo(cluster.url, cluster.address);
    expect((await children(path)).sort()).toEqual(['json.info_0000000000', 'log_replicas']);
    expect(await children(`${path}/log_replicas`)).toEqual(['0000000000']);
    expect((await dataOf(`${path}/log_replicas/0000000000`))?.toString()).toBe(`log-replica(1)@${cluster.address}`);
  });

  it('without a ZooKeeper it says 503 to everybody and stays up', async () => {
    const cluster = await startTestCluster({ zk: 'zk://127.0.0.1:1/mesos' });
    expect(await get(cluster.url, '/redirect')).toMatchObject({ status: 503 });
    expect(await get(cluster.url, '/master/state')).toMatchObject({ status: 503, body: 'No leader elected' });
    expect(await get(cluster.url, '/health')).toMatchObject({ status: 200 });
  });
});
