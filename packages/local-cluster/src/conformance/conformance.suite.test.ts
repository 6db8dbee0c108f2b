// The cases against the local cluster: as it is, all hold; with a fault planted in its source, those that are about it fail.
import { afterAll, describe, expect, inject, it } from 'vitest';
import { WireClient } from '../testing/wire-client.js';
import type { ConformanceCase } from './case.js';
import { allCases } from './cases/all-cases.js';
import { readClusterFacts } from './cluster-facts.js';
import { controlBy, localControl } from './control.js';
import { findLeader } from './find-leader.js';
import { allMutants } from './mutants/all-mutants.js';
import type { Mutant } from './mutants/mutant.js';
import { withOwnClusters, type OwnCluster } from './own-clusters.js';
import { runCases, type Result } from './runner.js';
import { Workshop } from './testing/workshop.js';

const SHARDS = 4;
const TIMEOUT_MS = 150_000;
const PATIENCE_MS = 15_000;
/** What does not come within this is taken not to come at all: the fault that was planted. */
const SHORT_PATIENCE_MS = 3000;

const workshop = new Workshop();
afterAll(() => workshop.close(), 60_000);

const ask = async (cluster: OwnCluster, cases: readonly ConformanceCase[], patienceMs: number): Promise<Result[]> => {
  const url = await findLeader(cluster.url, { timeoutMs: patienceMs });
  const client = new WireClient(url, 'json');
  const faults = new WireClient(cluster.faultsUrl ?? cluster.url, 'json');
  try {
    const control = controlBy(localControl(faults, cluster.faultsUrl !== undefined), ...cluster.control);
    const standbys = cluster.masters.filter((master) => master !== url);
    return await runCases(cases, { url, standbys, user: 'root', patienceMs, control }, await readClusterFacts(client));
  } finally {
    client.close();
    faults.close();
  }
};

/** Each case on a cluster that can show it. */
const run = async (cases: readonly ConformanceCase[], patienceMs: number, mutant?: Mutant): Promise<Result[]> => {
  const results: Result[] = [];
  await withOwnClusters(
    (flags) => workshop.start(flags, mutant),
    cases,
    inject('zookeeper'),
    async (cluster, those) => void results.push(...(await ask(cluster, those, patienceMs))),
  );
  return results;
};

const covers = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const casesOf = ({ fails }: Mutant): ConformanceCase[] => allCases.filter(({ name }) => fails.some((pattern) => covers(pattern, name)));

const described = ({ name, encoding, why = '' }: Result): string => `${name} (${encoding}): ${why}`;

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
      const cases = allCases.filter((_, index) => index % SHARDS === shard);
      const results = await run(cases, PATIENCE_MS);
      expect(results.filter(({ outcome }) => outcome !== 'ok').map(described)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('with a planted fault', () => {
  it.each(allMutants.map((mutant) => [`${mutant.file}: ${mutant.replace} → ${mutant.by}`, mutant] as const))(
    '%s',
    async (_, mutant) => {
      const cases = casesOf(mutant);
      const failed = (await run(cases, SHORT_PATIENCE_MS, mutant)).filter(({ outcome }) => outcome === 'failed');
      const unnoticed = cases.map(({ name }) => name).filter((name) => !failed.some((result) => result.name === name));
      const crashed = failed.filter(({ unexpected }) => unexpected !== true).map(described);
      expect({ unnoticed, crashed }).toEqual({ unnoticed: [], crashed: [] });
    },
    TIMEOUT_MS,
  );
});
