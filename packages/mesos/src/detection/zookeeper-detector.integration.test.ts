import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ACL, CreateMode, createClient, State, type ZooKeeperClient } from 'node-zookeeper-client/index.js';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { CuttableProxy } from '../testing/cuttable-proxy.js';
import { detectMaster } from './detect-master.js';
import { parseMasterAddress } from './master-address.js';

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const later = <T>(run: (callback: (error: Error | null, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, result) => (error === null || error === undefined ? resolve(result as T) : reject(error))));

const connect = async (auth?: string, server = inject('zookeeper'), sessionTimeout = 10_000): Promise<ZooKeeperClient> => {
  const client = createClient(server, { sessionTimeout, spinDelay: 100, retries: 0 });
  if (auth !== undefined) client.addAuthInfo('digest', Buffer.from(auth));
  const connected = new Promise((resolve) => client.once('connected', resolve));
  client.connect();
  await connected;
  cleanUps.push(() => {
    if (client.getState() !== State.SYNC_CONNECTED) return undefined;
    const closed = new Promise((resolve) => client.once('disconnected', resolve));
    client.close();
    return closed;
  });
  return client;
};

let zookeeper: ZooKeeperClient;
let path: string;
beforeEach(async () => {
  path = `/mesos-client-${randomUUID()}/mesos`;
  zookeeper = await connect();
});

const makeGroup = () => later<void>((callback) => zookeeper.mkdirp(path, callback));

/** Joins the group as masters do; gives what ends the membership. */
const join = async (port: number, by = zookeeper, acls = ACL.OPEN_ACL_UNSAFE) => {
  const info = { id: `master-${port}`, ip: 16777343, port, address: { ip: '127.0.0.1', port } };
  const data = Buffer.from(JSON.stringify(info));
  const node = await later<string>((callback) => by.create(`${path}/json.info_`, data, acls, CreateMode.EPHEMERAL_SEQUENTIAL, callback));
  return { node, leave: () => later<void>((callback) => by.remove(node, callback)) };
};

const detect = (ensemble = inject('zookeeper'), sessionTimeoutMs = 10_000) => {
  const abort = new AbortController();
  cleanUps.push(() => abort.abort());
  const logs: string[] = [];
  const log = (_level: string, message: string) => void logs.push(message);
  const leaders = detectMaster(parseMasterAddress(`zk://${ensemble}${path}`), { signal: abort.signal, sessionTimeoutMs, log })[
    Symbol.asyncIterator
  ]();
  return { abort, next: async () => ((await leaders.next()).value as { url: string } | undefined)?.url, leaders, logs };
};

it('follows the leader: the lowest sequence number, the next one when it ends, none, and a new one', async () => {
  await makeGroup();
  const first = await join(5051);
  const { next } = detect();
  expect(await next()).toBe('http://127.0.0.1:5051');
  const second = await join(5052);
  await later<string>((callback) =>
    zookeeper.create(`${path}/log_replicas`, Buffer.alloc(0), ACL.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, callback),
  );
  await first.leave();
  expect(await next()).toBe('http://127.0.0.1:5052');
  await second.leave();
  expect(await next()).toBeUndefined();
  await join(5053);
  expect(await next()).toBe('http://127.0.0.1:5053');
});

it('waits for a group that does not exist yet', async () => {
  const { next } = detect();
  expect(await next()).toBeUndefined();
  await makeGroup();
  await join(5051);
  expect(await next()).toBe('http://127.0.0.1:5051');
});

it('reads a group that asks for authentication', async () => {
  await makeGroup();
  await join(5051, await connect('user:secret'), ACL.CREATOR_ALL_ACL);
  const { next } = detect(`user:secret@${inject('zookeeper')}`);
  expect(await next()).toBe('http://127.0.0.1:5051');
});

it('says that it may not read the masters, whoever it is, and knows no leader', async () => {
  await makeGroup();
  await join(5051, await connect('user:secret'), ACL.CREATOR_ALL_ACL);
  for (const who of ['user:wrong@', '']) {
    const { next, logs } = detect(`${who}${inject('zookeeper')}`);
    expect(await next()).toBeUndefined();
    expect(logs.join()).toContain('ZooKeeper does not let this client read the masters; check user and password');
  }
});

it('survives leaders that end while they are being read', async () => {
  await makeGroup();
  await join(5999).then(({ leave }) => leave());
  const { next } = detect();
  expect(await next()).toBeUndefined();
  for (let round = 0; round < 30; round++) await (await join(6000 + round)).leave();
  await join(7000);
  for (let seen = await next(); seen !== 'http://127.0.0.1:7000'; seen = await next())
    expect(seen ?? 'http://127.0.0.1:6').toMatch(/127\.0\.0\.1:6/);
});

const throughProxy = async () => {
  const proxy = await CuttableProxy.start(inject('zookeeper'));
  cleanUps.push(() => proxy.stop());
  return proxy;
};

it('keeps the leader over a short cut, and sees a change made meanwhile', async () => {
  await makeGroup();
  const first = await join(5051);
  await join(5052);
  const proxy = await throughProxy();
  const { next } = detect(proxy.address);
  expect(await next()).toBe('http://127.0.0.1:5051');
  proxy.cut();
  await first.leave();
  proxy.restore();
  expect(await next()).toBe('http://127.0.0.1:5052');
});

it('knows no leader after its session is lost, and finds it again with a new session', async () => {
  await makeGroup();
  await join(5051);
  const proxy = await throughProxy();
  const { next, logs } = detect(proxy.address, 4_000);
  expect(await next()).toBe('http://127.0.0.1:5051');
  // A session of twice the timeout, cut at the same time: once the server expired it, the detector's has expired as well.
  const other = await throughProxy();
  const witness = await connect(undefined, other.address, 8_000);
  const { node } = await join(5052, witness);
  proxy.cut();
  other.cut();
  expect(await next()).toBeUndefined();
  while (await later<object | null>((callback) => zookeeper.exists(node, callback))) await delay(100);
  proxy.restore();
  other.restore();
  expect(await next()).toBe('http://127.0.0.1:5051');
  expect(logs).toContain('ZooKeeper expired the session');
});

it('leaves a server that has gone silent', async () => {
  await makeGroup();
  const first = await join(5051);
  await join(5052);
  const proxy = await throughProxy();
  const { next } = detect(proxy.address, 4_000);
  expect(await next()).toBe('http://127.0.0.1:5051');
  proxy.silence();
  await first.leave();
  expect(await next()).toBe('http://127.0.0.1:5052');
});

it('ends when aborted, connected or not', async () => {
  await makeGroup();
  const connected = detect();
  await connected.next();
  connected.abort.abort();
  expect((await connected.leaders.next()).done).toBe(true);
  const unconnected = detect('127.0.0.1:1');
  const last = unconnected.leaders.next();
  unconnected.abort.abort();
  expect((await last).done).toBe(true);
});
