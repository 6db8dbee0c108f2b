import { randomUUID } from 'node:crypto';
import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { silentLogger } from '../testing/silent-logger.js';
import { ZooKeeperConnection } from './connection.js';
import type { ZooKeeperSession } from './session.js';

const open: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(it: T): T => {
  open.push(it);
  return it;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const connect = async (address: string, root = `/test-${randomUUID()}`, sessionTimeoutMs = 4000): Promise<ZooKeeperConnection> =>
  keep(await ZooKeeperConnection.connect(`${address}${root}`, { sessionTimeoutMs, connectTimeoutMs: 5000, logger: silentLogger }));

const proxied = async (): Promise<TcpProxy> => keep(await TcpProxy.start(inject('zookeeper')));

const lost = (session: ZooKeeperSession): Promise<void> =>
  new Promise((resolve) => session.lost.addEventListener('abort', () => resolve(), { once: true }));

describe('a ZooKeeper session', () => {
  it('creates, reads, writes, lists and removes below its root', async () => {
    const { session } = await connect(inject('zookeeper'));
    await session.ensurePath('/a/b');
    expect(await session.create('/a/b/c', Buffer.from('one'))).toBe('/a/b/c');
    expect(await session.get('/a/b/c')).toEqual({ data: Buffer.from('one'), version: 0 });
    expect(await session.set('/a/b/c', Buffer.from('two'), 0)).toBe(1);
    expect((await session.get('/a/b/c'))?.data.toString()).toBe('two');
    expect(await session.children('/a')).toEqual(['b']);
    expect(await session.exists('/a/b/c')).toBe(true);
    await session.remove('/a/b/c');
    expect(await session.exists('/a/b/c')).toBe(false);
    expect(await session.get('/a/b/c')).toBeUndefined();
    expect(await session.create('/a/s-', undefined, 'persistent-sequential')).toBe('/a/s-0000000001');
  });

  it('reports refusals by their code', async () => {
    const { session } = await connect(inject('zookeeper'));
    await session.create('/n');
    await expect(session.create('/n')).rejects.toMatchObject({ code: 'NODE_EXISTS' });
    await expect(session.create('/x/y')).rejects.toMatchObject({ code: 'NO_NODE' });
    await expect(session.set('/n', Buffer.alloc(0), 7)).rejects.toMatchObject({ code: 'BAD_VERSION' });
    await expect(session.children('/none')).rejects.toMatchObject({ code: 'NO_NODE' });
    await expect(session.create('no slash')).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
    await expect(session.create('/big', Buffer.alloc(1_000_001))).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
    await expect(session.create('/large', Buffer.alloc(1_000_000))).resolves.toBe('/large');
  });

  it('does all of a transaction or nothing, also when version 0 is checked', async () => {
    const { session } = await connect(inject('zookeeper'));
    await session.create('/leader');
    await session.transaction().check('/leader', 0).create('/e1', Buffer.from('x')).commit();
    expect((await session.get('/e1'))?.data.toString()).toBe('x');

    await session.set('/leader', Buffer.from('changed'));
    await expect(session.transaction().check('/leader', 0).create('/e2', undefined).commit()).rejects.toMatchObject({
      code: 'BAD_VERSION',
    });
    await expect(session.transaction().create('/e2', undefined).check('/gone').commit()).rejects.toMatchObject({ code: 'NO_NODE' });
    await expect(session.transaction().create('/e2', undefined).create('/e1', undefined).commit()).rejects.toMatchObject({
      code: 'NODE_EXISTS',
    });
    expect(await session.exists('/e2')).toBe(false);
  });

  it('tells a watch once of the next change', async () => {
    const { session } = await connect(inject('zookeeper'));
    let changes = 0;
    expect(await session.exists('/w', () => changes++)).toBe(false);
    await session.create('/w');
    await session.set('/w', Buffer.from('1'));
    await until('the watch', 20_000, () => changes === 1);
    let lists = 0;
    await session.children('/', () => lists++);
    await session.create('/w2');
    await session.create('/w3');
    await until('the list', 20_000, () => lists === 1);
    expect([changes, lists]).toEqual([1, 1]);
  });
});

describe('a ZooKeeper connection', () => {
  it('gives up a first connect that nobody answers', async () => {
    const proxy = await proxied();
    proxy.down();
    await expect(ZooKeeperConnection.connect(proxy.address, { connectTimeoutMs: 300, logger: silentLogger })).rejects.toMatchObject({
      code: 'CONNECTION_LOSS',
    });
  });

  it('keeps its session over a short loss; what was under way then fails with CONNECTION_LOSS, what comes later waits', async () => {
    const proxy = await proxied();
    const connection = await connect(proxy.address);
    const { session } = connection;
    await session.create('/e', undefined, 'ephemeral');
    proxy.lose('everything');
    const underWay = session.create('/f');
    underWay.catch(() => undefined);
    proxy.down();
    await expect(underWay).rejects.toMatchObject({ code: 'CONNECTION_LOSS' });
    const later = session.exists('/e');
    proxy.pass();
    proxy.up();
    expect(await later).toBe(true);
    expect(connection.session).toBe(session);
    expect(session.lost.aborted).toBe(false);
  });

  it('takes a session as lost after its timeout without contact, and opens a new one when it can', async () => {
    const proxy = await proxied();
    const root = `/test-${randomUUID()}`;
    const connection = await connect(proxy.address, root);
    const other = await connect(inject('zookeeper'), root);
    const first = connection.session;
    await first.create('/e', undefined, 'ephemeral');
    let watched = 0;
    await first.exists('/e', () => watched++);
    const sessions: ZooKeeperSession[] = [];
    connection.onSession((session) => sessions.push(session));

    proxy.down();
    await until('the disconnection', 20_000, () => !first.connected);
    const waiting = first.create('/late');
    waiting.catch(() => undefined);
    await lost(first);
    await expect(waiting).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    await expect(first.get('/e')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    expect(watched).toBe(1);
    expect(connection.connected).toBe(false);

    proxy.up();
    const second = await connection.whenSession();
    expect(second.id).not.toBe(first.id);
    expect(sessions).toEqual([first, second]);
    await until('the end of the first session at the server', 20_000, async () => !(await other.session.exists('/e')));
    expect(await second.exists('/late')).toBe(false);
  });

  it('takes a session as lost when the server is connected but silent', async () => {
    const proxy = await proxied();
    const connection = await connect(proxy.address);
    const { session } = connection;
    proxy.lose('everything');
    await lost(session);
    expect(session.connected).toBe(false);
    proxy.pass();
    await connection.whenSession();
  });

  it('is lost for who looks first after this process was paused, before anything has told so', async () => {
    const { session } = await connect(inject('zookeeper'), undefined, 1000);
    expect(session.lost.aborted).toBe(false);
    // Stands still as under SIGSTOP: no timer and no answer comes in between.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, session.timeoutMs);
    expect(session.lost.aborted).toBe(true);
  });

  it('lives on without traffic of its own', async () => {
    const connection = await connect(inject('zookeeper'), undefined, 4000);
    const { session } = connection;
    const since = performance.now();
    await until('more than the session timeout', 20_000, () => performance.now() - since > session.timeoutMs * 1.25);
    expect(session.lost.aborted).toBe(false);
    expect(connection.session).toBe(session);
  });

  it('ends its session at once when closed', async () => {
    const root = `/test-${randomUUID()}`;
    const connection = await connect(inject('zookeeper'), root, 30_000);
    const other = await connect(inject('zookeeper'), root);
    await connection.session.create('/e', undefined, 'ephemeral');
    await connection.close();
    await until('the node to go', 3_000, async () => !(await other.session.exists('/e')));
    await expect(connection.session.get('/e')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    await expect(connection.whenSession()).rejects.toThrow(/closed/);
  });
});
