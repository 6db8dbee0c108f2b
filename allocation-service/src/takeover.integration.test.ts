import { until } from '@streams-on-mesos/local-environment';
import { frameworkPaths, ZooKeeperConnection, type ZooKeeperSession } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { bundleForTests, FrameworkOnTheWire } from './testing/framework-on-the-wire.js';
import { allocate } from './testing/requester-on-the-wire.js';

const SESSION_TIMEOUT_SECS = 2;

describe('a change of the leader, on a real ZooKeeper', () => {
  const bundle = bundleForTests();

  /** A framework, and what ZooKeeper has of it. */
  const begin = async () => {
    const framework = await FrameworkOnTheWire.begin(bundle.path, { ZOOKEEPER_SESSION_TIMEOUT_SECS: String(SESSION_TIMEOUT_SECS) });
    onTestFinished(() => framework.end());
    const zookeeper = await ZooKeeperConnection.connect(inject('zookeeper'), { logger: pino({ level: 'silent' }) });
    onTestFinished(() => zookeeper.close());
    return { framework, session: zookeeper.session, paths: frameworkPaths(framework.name) };
  };

  /** Every journal entry, in their order. */
  const entries = async (session: ZooKeeperSession, path: string): Promise<string[]> => {
    const names = (await session.children(path)).sort();
    return Promise.all(names.map(async (name) => `${name} ${(await session.get(`${path}/${name}`))?.data.toString('utf8')}`));
  };

  it('takes the session timeout, a tick and the reload; the old leader, paused meanwhile, changes nothing when it wakes', async () => {
    const { framework, session, paths } = await begin();
    const { offerService } = framework;
    const requester = await framework.requester();
    const first = await framework.startLeading();
    const second = await framework.start();
    await second.untilReady('standby');
    await requester.ask(allocate('before', 1));

    const { term } = offerService;
    first.pause();
    const pausedAt = performance.now();
    // The old leader has this in hand, or the new one gets it: it is decided on once.
    const unanswered = await requester.send(allocate('meanwhile', 2));
    await second.untilReady('leader');
    await offerService.untilHelloAfter(term);
    const takeoverSecs = (performance.now() - pausedAt) / 1000;
    // ZooKeeper ends sessions at ticks, 0.5 s apart here; the rest is for the reload and the looking, on a busy machine.
    expect(takeoverSecs).toBeLessThan(SESSION_TIMEOUT_SECS + 0.5 + 5);

    expect((await second.putConfig({ num_of_node: 3 })).status).toBe(200);
    expect((await requester.answerTo(unanswered)).resources?.resources).toHaveLength(2);
    const before = await entries(session, paths.journal);
    const calls = offerService.calls.length;
    first.resume();
    await until('the old leader has stepped down', 20_000, async () => (await first.readiness()).role === 'standby');
    await first.untilReady('standby');

    const after = await entries(session, paths.journal);
    expect(after.slice(0, before.length)).toEqual(before);
    const written = after.slice(before.length).map((entry) => (JSON.parse(entry.slice(entry.indexOf(' '))) as { term: number }).term);
    expect(written.filter((of) => of !== offerService.term)).toEqual([]);
    expect(offerService.calls.slice(calls).filter(({ call }) => call.allocation_term !== offerService.term)).toEqual([]);
    const { resources } = await second.get<{ resources: { id: string }[] }>('/api/v1/resources');
    expect(resources).toHaveLength(1 + 2 + 3);
  });

  it.each([
    ['of records', { version: 1, term: 7, changes: [{ table: 'meta', key: 'state', value: { version: 99, nextResource: 0 } }] }],
    ['of entries', { version: 99, term: 7, whatever: [] }],
  ])('does not touch a state from the future, by the version %s, and says what to do', async (_what, entry) => {
    const { framework, session, paths } = await begin();
    await session.ensurePath(paths.journal);
    await session.create(`${paths.journal}/0000000001`, Buffer.from(JSON.stringify(entry)));
    const before = await entries(session, paths.journal);
    const process = await framework.start();
    const reasons = await until('the reason', 20_000, async () => {
      const answer = await process.readiness();
      return answer.status === 503 ? answer.reasons?.find((reason) => reason.includes('could not lead')) : undefined;
    });
    expect(reasons).toMatch(/version 99, this release reads up to 1: start the release that wrote it/);
    expect((await process.putConfig({ num_of_node: 1 })).status).toBe(503);
    expect(await entries(session, paths.journal)).toEqual(before);
    expect(await session.children(paths.snapshot)).toEqual([]);
  });
});
