import { randomUUID } from 'node:crypto';
import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { silentLogger } from '../testing/silent-logger.js';
import { ZooKeeperConnection } from './connection.js';
import { campaign, type Leadership } from './election.js';
import { frameworkPaths } from './framework-paths.js';
import { findInstances, InstanceRegistration, type Instance } from './instance-registry.js';
import { watchTerm } from './watch-term.js';

const paths = frameworkPaths('f');
const path = paths.leaders('allocation-service');
const open: { close(): Promise<void> }[] = [];
let root: string;
let stop: AbortController;

beforeEach(() => {
  root = `/test-${randomUUID()}`;
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const connect = async (address = inject('zookeeper')): Promise<ZooKeeperConnection> => {
  const connection = await ZooKeeperConnection.connect(address + root, { sessionTimeoutMs: 4000, logger: silentLogger });
  open.push(connection);
  return connection;
};

const proxied = async (): Promise<TcpProxy> => {
  const proxy = await TcpProxy.start(inject('zookeeper'));
  open.push(proxy);
  return proxy;
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

/** A campaigner that notes its leaderships and leads until it must not. */
const campaigner = (
  zookeeper: ZooKeeperConnection,
  instance: string,
  lead: (leadership: Leadership) => Promise<void> = ({ signal }) => untilAborted(signal),
): { won: Leadership[]; standby: () => number; done: Promise<void>; stop: AbortController } => {
  const own = new AbortController();
  stop.signal.addEventListener('abort', () => own.abort());
  const won: Leadership[] = [];
  let standby = 0;
  const done = campaign({
    zookeeper,
    path,
    instance,
    logger: silentLogger,
    signal: own.signal,
    lead: (leadership) => {
      won.push(leadership);
      return lead(leadership);
    },
    onStandby: () => standby++,
  });
  return { won, standby: () => standby, done, stop: own };
};

describe('an election', () => {
  it('has one leader; when its session is lost the next one leads with a higher term', async () => {
    const proxy = await proxied();
    const a = campaigner(await connect(proxy.address), 'a');
    const first = await until('a to lead', 20_000, () => a.won[0]);
    const b = campaigner(await connect(), 'b');
    await until('b to stand by', 20_000, () => b.standby() > 0);
    expect(b.won).toEqual([]);

    proxy.down();
    const second = await until('b to lead', 20_000, () => b.won[0]);
    expect(second.term).toBeGreaterThan(first.term);
    expect(first.signal.aborted).toBe(true);

    proxy.up();
    await until('a to stand by', 20_000, () => a.standby() > 0);
    b.stop.abort();
    await b.done;
    const third = await until('a to lead again', 20_000, () => a.won[1]);
    expect(third.term).toBeGreaterThan(second.term);
  });

  it('fences: a check of the node fails once its leader is gone', async () => {
    const a = campaigner(await connect(), 'a');
    const { node, session } = await until('a to lead', 20_000, () => a.won[0]);
    await session.transaction().check(node).create('/entry', undefined).commit();
    a.stop.abort();
    await a.done;
    await expect(session.transaction().check(node).create('/entry2', undefined).commit()).rejects.toMatchObject({ code: 'NO_NODE' });
  });

  it('lets another lead when the leader gives up, and takes the one that gave up back', async () => {
    let attempts = 0;
    const a = campaigner(await connect(), 'a', async ({ signal }) => {
      attempts++;
      if (attempts === 1) throw new Error('cannot load the state');
      await untilAborted(signal);
    });
    await until('a to try twice', 20_000, () => attempts === 2);
    expect(a.won[0]?.signal.aborted).toBe(true);
    expect(a.won[1]?.term).toBeGreaterThan(a.won[0]?.term ?? Infinity);
  });

  it('steps down when its node is removed by hand', async () => {
    const connection = await connect();
    const a = campaigner(connection, 'a');
    const first = await until('a to lead', 20_000, () => a.won[0]);
    await connection.session.remove(first.node);
    await until('a to lead anew', 20_000, () => a.won.length === 2);
    expect(first.signal.aborted).toBe(true);
  });

  it('leaves a single node when the connection is lost while it is created', async () => {
    const proxy = await proxied();
    const connection = await connect(proxy.address);
    const watcher = await connect();
    await watcher.session.ensurePath(path);
    const a = campaigner(connection, 'a');
    for (let cut = 0; cut < 5; cut++) {
      proxy.down();
      proxy.up();
    }
    await until('a to lead', 20_000, () => a.won.at(-1)?.signal.aborted === false);
    const node = a.won.at(-1)?.node ?? '';
    await until('one node', 20_000, async () => (await watcher.session.children(path)).length === 1);
    expect(`${path}/${(await watcher.session.children(path))[0]}`).toBe(node);
  });

  it('is watched: each term in force is reported once', async () => {
    const terms: (number | undefined)[] = [];
    const watching = watchTerm(await connect(), path, (term) => terms.push(term), stop.signal);
    await until('nobody', 20_000, () => terms.length === 1);
    const a = campaigner(await connect(), 'a');
    const first = await until('a to lead', 20_000, () => a.won[0]);
    await until('its term', 20_000, () => terms.length === 2);
    a.stop.abort();
    await a.done;
    await until('nobody again', 20_000, () => terms.length === 3);
    const b = campaigner(await connect(), 'b');
    const second = await until('b to lead', 20_000, () => b.won[0]);
    await until('its term', 20_000, () => terms.length === 4);
    expect(terms).toEqual([undefined, first.term, undefined, second.term]);
    stop.abort();
    await watching;
  });
});

describe('the instance registry', () => {
  const instance = (over: Partial<Instance> = {}): Instance => ({
    id: randomUUID(),
    service: 'allocation-service',
    url: 'http://127.0.0.1:1234',
    role: 'standby',
    ...over,
  });

  it('shows every instance with its role, by service', async () => {
    const reader = await connect();
    expect(await findInstances(reader.session, paths)).toEqual([]);
    const one = instance();
    const two = instance({ service: 'streams-bridge', role: 'active' });
    const registration = await InstanceRegistration.register(await connect(), paths, one);
    await InstanceRegistration.register(await connect(), paths, two);
    expect((await findInstances(reader.session, paths)).map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
    await registration.setRole('leader');
    expect(await findInstances(reader.session, paths, 'allocation-service')).toEqual([{ ...one, role: 'leader' }]);
    await registration.remove();
    expect(await findInstances(reader.session, paths, 'allocation-service')).toEqual([]);
  });

  it('registers again on a new session, with the role of now', async () => {
    const proxy = await proxied();
    const reader = await connect();
    const connection = await connect(proxy.address);
    const one = instance();
    const registration = await InstanceRegistration.register(connection, paths, one);
    const first = connection.session;
    proxy.down();
    const changed = registration.setRole('leader');
    await untilAborted(first.lost);
    proxy.up();
    await changed;
    await connection.whenSession();
    await until('the entry', 20_000, async () => (await findInstances(reader.session, paths))[0]?.role === 'leader');
    expect(await findInstances(reader.session, paths)).toHaveLength(1);
  });

  it('overlooks entries that are no instances', async () => {
    const { session } = await connect();
    await session.ensurePath(paths.instances);
    await session.create(`${paths.instances}/junk`, Buffer.from('{"id": 1}'));
    await session.create(`${paths.instances}/worse`, Buffer.from('\u0000'));
    expect(await findInstances(session, paths)).toEqual([]);
  });
});
