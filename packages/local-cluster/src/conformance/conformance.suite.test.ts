// The cases against the local cluster: as it is, all hold; with a fault planted in its source, those that are about it fail.
import { afterAll, describe, expect, it } from 'vitest';
import { WireClient } from '../testing/wire-client.js';
import type { RunSettings } from './case-context.js';
import type { ConformanceCase } from './case.js';
import { allCases } from './cases/all-cases.js';
import { readClusterFacts } from './cluster-facts.js';
import { allMutants } from './mutants/all-mutants.js';
import type { Mutant } from './mutants/mutant.js';
import { runCases, type Result } from './runner.js';
import { Workshop } from './testing/mutated-cluster.js';

const SHARDS = 4;
const TIMEOUT_MS = 150_000;
/** What the local cluster can't show as it is started here. */
const NOT_SHOWN = [/--roles$/, /the master takes frameworks of root/, /tasks do not run as root/];

const workshop = new Workshop();
afterAll(() => workshop.close());

const run = async (cases: readonly ConformanceCase[], patienceMs: number, mutant?: Mutant): Promise<Result[]> => {
  const cluster = await workshop.start(await workshop.build(mutant), ['--agents', '2']);
  const client = new WireClient(cluster.url, 'json');
  try {
    const settings: RunSettings = { url: cluster.url, user: 'root', patienceMs };
    return await runCases(cases, settings, await readClusterFacts(client));
  } finally {
    client.close();
    await cluster.stop();
  }
};

const covers = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const casesOf = ({ fails }: Mutant): ConformanceCase[] => allCases.filter(({ name }) => fails.some((pattern) => covers(pattern, name)));

describe('the conformance cases', () => {
  it('have names of their own', () => {
    expect(new Set(allCases.map(({ name }) => name)).size).toBe(allCases.length);
  });

  it('each have a planted fault that they must notice', () => {
    const patterns = allMutants.flatMap(({ fails }) => fails);
    const unnoticed = allCases.map(({ name }) => name).filter((name) => !patterns.some((pattern) => covers(pattern, name)));
    const unknown = patterns.filter((pattern) => !allCases.some(({ name }) => covers(pattern, name)));
    expect({ unnoticed, unknown }).toEqual({ unnoticed: [], unknown: [] });
  });
});

describe.concurrent('the local cluster', () => {
  it.each(Array.from({ length: SHARDS }, (_, index) => index))(
    'does as Mesos does (part %i)',
    async (shard) => {
      const results = await run(
        allCases.filter((_, index) => index % SHARDS === shard),
        15_000,
      );
      const wrong = results.filter(({ outcome, why = '' }) =>
        outcome === 'not run' ? !NOT_SHOWN.some((known) => known.test(why)) : outcome === 'failed',
      );
      expect(wrong.map(({ name, encoding, why }) => `${name} (${encoding}): ${why ?? ''}`)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('with a planted fault', () => {
  it.each(allMutants.map((mutant) => [`${mutant.file}: ${mutant.replace} → ${mutant.by}`, mutant] as const))(
    '%s',
    async (_, mutant) => {
      const results = await run(casesOf(mutant), 3000, mutant);
      const names = new Set(results.map(({ name }) => name));
      const unnoticed = [...names].filter((name) => !results.some((result) => result.name === name && result.outcome === 'failed'));
      const crashed = results.filter(({ outcome, unexpected }) => outcome === 'failed' && unexpected !== true);
      expect({ unnoticed, crashed }).toEqual({ unnoticed: [], crashed: [] });
    },
    TIMEOUT_MS,
  );
});
