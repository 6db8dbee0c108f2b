import { describe, expect, it } from 'vitest';
import type { ConformanceCase } from './case.js';
import { clustersFor } from './case-clusters.js';
import { allCases } from './cases/all-cases.js';

const named = (name: string, more: Partial<ConformanceCase> = {}): ConformanceCase => ({
  name,
  source: 'docs',
  run: () => Promise.resolve(),
  ...more,
});
const summary = (cases: readonly ConformanceCase[], canHaveSeveral = true) =>
  clustersFor(cases, canHaveSeveral).map(({ masters, cases: those }) => [masters, those.map(({ name }) => name).join(' ')]);

describe('the clusters of cases', () => {
  it('are shared by cases that need the same', () => {
    const cases = [
      named('a'),
      named('roles', { flags: ['--roles=x'] }),
      named('b'),
      named('breaks', { needs: ['kill-agent'] }),
      named('three', { masters: 3 }),
    ];
    expect(summary(cases)).toEqual([
      [1, 'a b'],
      [1, 'roles'],
      [1, 'breaks'],
      [3, 'three'],
    ]);
  });

  it('have one master where there is no ZooKeeper to elect one', () => {
    expect(summary([named('a'), named('two', { masters: 2 })], false)).toEqual([[1, 'a two']]);
  });

  it('are there for every case, with the flags that it asks for', () => {
    const clusters = clustersFor(allCases, true);
    const names = (cases: readonly ConformanceCase[]) => cases.map(({ name }) => name).sort();
    expect(names(clusters.flatMap(({ cases }) => cases))).toEqual(names(allCases));
    for (const { flags, cases } of clusters) for (const one of cases) expect(flags).toEqual(expect.arrayContaining([...(one.flags ?? [])]));
    expect(clusters.flatMap(({ flags }) => flags)).toEqual(
      expect.arrayContaining(['--roles=conformance-listed', '--no-root_submissions', '--offer_timeout=1secs']),
    );
  });
});
