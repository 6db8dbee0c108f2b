import { randomUUID } from 'node:crypto';
import { frameworkPaths, ZooKeeperConnection, type ZooKeeperSession } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Change } from '../domain/model.js';
import { JournalRefusedError } from './entry-writer.js';
import { removeAll } from './fence.js';
import { Journal, type JournalOptions } from './journal.js';
import { removeOldSnapshots, writeSnapshot } from './snapshot.js';

const logger = pino({ level: 'silent' });
const change = (key: string, value: Change['value'] = { key }): Change => ({ table: 'resources', key, value });
const keysOf = (journal: Journal): string[] => [...journal.records()].map((record) => record.key).sort();

describe('the journal in ZooKeeper', () => {
  const ends: (() => Promise<unknown>)[] = [];
  let paths: ReturnType<typeof frameworkPaths>;
  let session: ZooKeeperSession;

  const connect = async (connectString = inject('zookeeper')): Promise<ZooKeeperSession> => {
    const connection = await ZooKeeperConnection.connect(connectString, { sessionTimeoutMs: 10_000, logger });
    ends.push(() => connection.close());
    return connection.session;
  };

  const elect = async (term: number): Promise<string> => {
    await session.ensurePath(paths.leaders('allocation-service'));
    return session.create(`${paths.leaders('allocation-service')}/n_${term}`);
  };

  const load = async (term: number, options: Partial<JournalOptions> & { session?: ZooKeeperSession; node?: string } = {}) => {
    const fence = { session: options.session ?? session, node: options.node ?? (await elect(term)), term };
    return Journal.load({ fence, paths, logger, ...options });
  };

  const entries = (): Promise<string[]> => session.children(paths.journal).then((names) => names.sort());

  beforeEach(async () => {
    paths = frameworkPaths(`journal-${randomUUID()}`);
    session = await connect();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('gives back to the next leader what was durable, and nothing that was removed', async () => {
    const first = await load(1);
    await first.begin();
    await first.append([change('a'), change('b')]);
    await first.append([change('a', { key: 'a', again: true }), change('b', null)]);

    const second = await load(2);
    expect([...second.records()]).toEqual([change('a', { key: 'a', again: true })]);
    await second.begin();
    await second.append([change('c')]);
    expect(keysOf(await load(3))).toEqual(['a', 'c']);
    expect(await entries()).toEqual(['0000000001', '0000000002', '0000000003', '0000000004', '0000000005']);
  });

  it('writes what is decided while a write is under way as one entry', async () => {
    const journal = await load(1);
    await journal.begin();
    const order: number[] = [];
    await Promise.all(Array.from({ length: 50 }, (_, index) => journal.append([change(`r${index}`)]).then(() => order.push(index))));
    expect(await entries()).toHaveLength(2);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(keysOf(await load(2))).toHaveLength(50);
  });

  it('refuses a leader whose election node is gone, from then on', async () => {
    const node = await elect(1);
    const old = await load(1, { node });
    await old.begin();
    await session.remove(node);
    // Nobody has taken the number yet: only the check refuses it.
    await expect(old.append([change('late')])).rejects.toThrow(JournalRefusedError);
    const next = await load(2);
    await next.begin();
    await expect(old.append([change('later')])).rejects.toThrow(JournalRefusedError);
    expect(keysOf(await load(3))).toEqual([]);
    expect(await entries()).toEqual(['0000000001', '0000000002']);
  });

  it('lets a leader whose election node is gone write no snapshot, name none as current, and remove nothing', async () => {
    const node = await elect(1);
    const old = await load(1, { node });
    await old.begin();
    await old.append([change('a')]);
    await session.create(`${paths.snapshot}/0000000001-1-1.0000`, Buffer.from('of a writer that died'));
    const before = [await entries(), await session.children(paths.snapshot), await session.get(paths.snapshot)];
    await session.remove(node);
    const fence = { session, node, term: 1 };
    const snapshot = { through: 2, name: '0000000002-1-2', records: ['{}'] };
    await expect(writeSnapshot(fence, paths.snapshot, snapshot)).rejects.toMatchObject({ code: 'NO_NODE' });
    await expect(removeOldSnapshots(fence, paths.snapshot)).rejects.toMatchObject({ code: 'NO_NODE' });
    await expect(removeAll(fence, [`${paths.journal}/0000000001`])).rejects.toMatchObject({ code: 'NO_NODE' });
    expect([await entries(), await session.children(paths.snapshot), await session.get(paths.snapshot)]).toEqual(before);
  });

  it('refuses the one who comes second, when two believe that they lead', async () => {
    const one = await load(1);
    const other = await load(2);
    await one.begin();
    await expect(other.begin()).rejects.toThrow(JournalRefusedError);
    expect(await entries()).toEqual(['0000000001']);
  });

  it('counts an entry as written when only the answer was lost', async () => {
    const proxy = await TcpProxy.start(inject('zookeeper'));
    ends.push(() => proxy.close());
    const journal = await load(1, { session: await connect(proxy.address) });
    await journal.begin();
    proxy.lose('answers');
    const written = journal.append([change('a')]);
    await until('the entry is there', 10_000, () => session.exists(`${paths.journal}/0000000002`), 20);
    proxy.cut();
    await written;
    await journal.append([change('b')]);
    expect(await entries()).toEqual(['0000000001', '0000000002', '0000000003']);
    expect(keysOf(await load(2))).toEqual(['a', 'b']);
  });

  it('writes an entry again under the same number when the request was lost', async () => {
    const proxy = await TcpProxy.start(inject('zookeeper'));
    ends.push(() => proxy.close());
    const journal = await load(1, { session: await connect(proxy.address) });
    await journal.begin();
    proxy.lose('requests');
    const written = journal.append([change('a', 'x'.repeat(1_000))]);
    await until('the request is lost', 10_000, () => proxy.lost > 1_000, 20);
    proxy.cut();
    await written;
    expect(await entries()).toEqual(['0000000001', '0000000002']);
    expect(keysOf(await load(2))).toEqual(['a']);
  });

  it('refuses when another wrote the entry while the connection was lost', async () => {
    const proxy = await TcpProxy.start(inject('zookeeper'));
    ends.push(() => proxy.close());
    const journal = await load(1, { session: await connect(proxy.address) });
    await journal.begin();
    proxy.lose('requests');
    const written = journal.append([change('a', 'x'.repeat(1_000))]);
    const refused = expect(written).rejects.toThrow(JournalRefusedError);
    await until('the request is lost', 10_000, () => proxy.lost > 1_000, 20);
    await (await load(2)).begin();
    proxy.cut();
    await refused;
    expect(keysOf(await load(3))).toEqual([]);
  });

  it('refuses when its session ends amid a write', async () => {
    const connection = await ZooKeeperConnection.connect(inject('zookeeper'), { logger });
    const journal = await load(1, { session: connection.session });
    await journal.begin();
    await connection.close();
    await expect(journal.append([change('a')])).rejects.toThrow(JournalRefusedError);
  });

  it('splits what is too large for a node, and a single record of 2 MB too', async () => {
    const journal = await load(1);
    await journal.begin();
    const large = 'é'.repeat(1_000_000);
    await Promise.all([
      ...Array.from({ length: 30 }, (_, index) => journal.append([change(`r${index}`, 'x'.repeat(100_000))])),
      journal.append([change('large', large)]),
    ]);
    for (const name of await entries()) expect((await session.get(`${paths.journal}/${name}`))?.data.length).toBeLessThanOrEqual(900_000);
    const loaded = await load(2);
    expect(keysOf(loaded)).toHaveLength(31);
    expect([...loaded.records()].find((record) => record.key === 'large')?.value).toBe(large);
  });

  it('replaces entries by a snapshot of several nodes, and removes what is older', async () => {
    const limits = { snapshotAfterEntries: 10, nodeLimitBytes: 2_000 };
    const journal = await load(1, limits);
    await journal.begin();
    for (let index = 0; index < 25; index += 1) {
      await journal.append([change(`r${index % 7}`, { index, text: 'ü'.repeat(300) })]);
      await journal.settled();
    }
    expect(await entries()).toEqual(['0000000021', '0000000022', '0000000023', '0000000024', '0000000025', '0000000026']);
    const parts = await session.children(paths.snapshot);
    expect(parts.length).toBeGreaterThan(1);
    expect(new Set(parts.map((name) => name.split('.')[0])).size).toBe(1);

    const next = await load(2, limits);
    expect([...next.records()]).toEqual([...journal.records()]);
    await next.begin();
    expect(await entries()).toContain('0000000027');
  });

  it('loads the earlier snapshot when a writer died before the pointer, and cleans up after it', async () => {
    const limits = { snapshotAfterEntries: 3 };
    const journal = await load(1, limits);
    await journal.begin();
    for (const key of ['a', 'b', 'c']) await journal.append([change(key)]);
    await journal.settled();
    await session.create(`${paths.snapshot}/0000000099-9-1.0000`, Buffer.from('{"version":1,"rec'));

    const next = await load(2, limits);
    expect(keysOf(next)).toEqual(['a', 'b', 'c']);
    await next.begin();
    for (const key of ['d', 'e', 'f']) await next.append([change(key)]);
    await next.settled();
    expect((await session.children(paths.snapshot)).some((name) => name.startsWith('0000000099'))).toBe(false);
    expect(keysOf(await load(3))).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('leaves the state of a newer release as it is', async () => {
    const journal = await load(1);
    await journal.begin();
    await session.create(`${paths.journal}/0000000002`, Buffer.from('{"version":2,"term":2,"changes":[]}'));
    await expect(load(3)).rejects.toThrow(/0000000002 has format version 2/);
    expect(await entries()).toEqual(['0000000001', '0000000002']);
  });

  it('says which entry is missing', async () => {
    const journal = await load(1);
    await journal.begin();
    await journal.append([change('a')]);
    await journal.append([change('b')]);
    await session.remove(`${paths.journal}/0000000002`);
    await expect(load(2)).rejects.toThrow(/lacks entry 2/);
  });
});
