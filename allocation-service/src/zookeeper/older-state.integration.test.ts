import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';
import { loadState, step } from '../domain/machine.js';
import type { Change, State } from '../domain/model.js';
import { defaultSettings } from '../domain/settings.js';
import { Journal } from './journal.js';

/** What the release before the records of early deaths wrote of a story in which tasks died: a snapshot, and entries after it. */
interface RecordedState {
  readonly now: number;
  readonly snapshot: { readonly records: readonly Change[] };
  readonly entries: readonly unknown[];
}

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../testing/state-with-inline-early-deaths.json'), 'utf8'),
) as RecordedState;

const avoidedBy = (state: State) =>
  Object.fromEntries(
    [...state.requests.values()].map(({ key, avoided, livesElsewhere }) => [
      key,
      { avoided: Object.fromEntries(avoided), livesElsewhere: [...livesElsewhere].sort() },
    ]),
  );

const EXPECTED = {
  '["client-1","a"]': { avoided: { 'agent-1': 1_000_000, 'agent-2': 1_120_000 }, livesElsewhere: ['agent-1', 'agent-2'] },
  '["client-1","lives"]': { avoided: {}, livesElsewhere: [] },
  '["client-1","b"]': { avoided: { 'agent-1': 1_270_000 }, livesElsewhere: [] },
};

it('a state in which avoided agents stand in the records of requests is read whole, from snapshot and journal, and written anew', async () => {
  const connection = await ZooKeeperConnection.connect(inject('zookeeper'), { logger: pino({ level: 'silent' }) });
  onTestFinished(() => connection.close());
  const { session } = connection;
  const paths = frameworkPaths(`older-${randomUUID()}`);
  for (const path of [paths.journal, paths.snapshot, paths.leaders('allocation-service')]) await session.ensurePath(path);
  await session.create(`${paths.snapshot}/0000000009-1-1.0000`, Buffer.from(JSON.stringify(recorded.snapshot)));
  await session.set(paths.snapshot, Buffer.from(JSON.stringify({ version: 1, through: 9, name: '0000000009-1-1', parts: 1 })));
  for (const [index, entry] of recorded.entries.entries()) {
    await session.create(`${paths.journal}/${String(10 + index).padStart(10, '0')}`, Buffer.from(JSON.stringify(entry)));
  }

  const load = async (term: number) => {
    const fence = { session, node: await session.create(`${paths.leaders('allocation-service')}/n_${term}`), term };
    const journal = await Journal.load({ fence, paths, logger: pino({ level: 'silent' }) });
    return { journal, state: loadState(journal.records(), defaultSettings, recorded.now) };
  };
  const first = await load(2);
  expect(avoidedBy(first.state)).toEqual(EXPECTED);
  await first.journal.begin();
  await first.journal.append(step(first.state, { type: 'leading', term: 2 }, recorded.now).changes);

  const second = await load(3);
  expect(avoidedBy(second.state)).toEqual(EXPECTED);
  const records = [...second.journal.records()];
  expect(records.filter(({ table }) => table === 'early-death')).toHaveLength(3);
  for (const { table, value } of records) if (table === 'request') expect(value).not.toHaveProperty('avoided');
  // Nothing is left to be written anew: the first step of the next term writes its term only.
  expect(second.state.outdated).toEqual([]);
});

it('records of early deaths that an older release left behind when it forgot their request are removed', () => {
  const value = { request: '["client-1","gone"]', agent: 'agent-1', at: recorded.now };
  const key = JSON.stringify([value.request, value.agent]);
  const state = loadState([{ table: 'early-death', key, value }], defaultSettings, recorded.now);
  const { changes } = step(state, { type: 'leading', term: 2 }, recorded.now);
  expect(changes).toContainEqual({ table: 'early-death', key, value: null });
});
