import type { OfferFilters } from '@streams-on-mesos/mesos';
import { fromMilli } from '@streams-on-mesos/mesos';
import type { Need, ScalarName } from '../matching/need.js';
import { scalarNames } from '../matching/need.js';

// docs/app-framework-development-guide.md, "Multi-scheduler scalability": a framework that says what it needs at least is
// not offered what is of no use to it. An agent is offered when it has all of one set (allocator/mesos/hierarchical.cpp,
// allocatable), whoever it is reserved for.

/** In thousandths; what is not named is not needed. */
type Least = Partial<Record<ScalarName, number>>;

/** Each is looked at for every agent in every allocation. */
const MAX_SETS = 10;

const leastOf = (need: Need): Least => {
  const least: Least = {};
  for (const name of scalarNames) if (need[name] > 0) least[name] = need[name];
  return least;
};

const isEnoughFor = (offered: Least, wanted: Least): boolean => scalarNames.every((name) => (wanted[name] ?? 0) <= (offered[name] ?? 0));

/** The most that both need: whoever has enough for one of them has it. */
const common = (a: Least, b: Least): Least => {
  const least: Least = {};
  for (const name of scalarNames) {
    const amount = Math.min(a[name] ?? 0, b[name] ?? 0);
    if (amount > 0) least[name] = amount;
  }
  return least;
};

const compare = (a: Least, b: Least): number =>
  scalarNames.map((name) => (a[name] ?? 0) - (b[name] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** Without those that say nothing besides a smaller one. */
const smallest = (all: readonly Least[]): Least[] => {
  const kept: Least[] = [];
  for (const least of [...all].sort(compare)) if (!kept.some((smaller) => isEnoughFor(least, smaller))) kept.push(least);
  return kept;
};

/** Neighbours are joined until there are few enough. */
const atMost = (sets: readonly Least[], count: number): readonly Least[] => {
  if (sets.length <= count) return sets;
  const start = (group: number): number => Math.floor((group * sets.length) / count);
  return smallest(Array.from({ length: count }, (_, group) => sets.slice(start(group), start(group + 1)).reduce(common)));
};

/** What an agent must have unallocated to be of use for one of these needs. */
export const leastQuantities = (needs: Iterable<Need>): OfferFilters.MinAllocatableResources => ({
  quantities: atMost(smallest([...needs].map(leastOf)), MAX_SETS).map((least) => ({
    quantities: Object.fromEntries(Object.entries(least).map(([name, milli]) => [name, { value: fromMilli(milli) }])),
  })),
});
