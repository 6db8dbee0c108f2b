import type { OfferFilters } from '@streams-on-mesos/mesos';
import { fromMilli } from '@streams-on-mesos/mesos';
import type { ScalarName } from '../matching/need.js';
import { scalarNames } from '../matching/need.js';

// docs/app-framework-development-guide.md, "Multi-scheduler scalability": a framework that says what it needs at least is
// not offered what is of no use to it. An agent is offered when it has all of one set (allocator/mesos/hierarchical.cpp,
// allocatable), whoever it is reserved for.

/** In thousandths; 0 is not needed. */
type Least = Readonly<Record<ScalarName, number>>;

/** Each is looked at for every agent in every allocation. */
const MAX_SETS = 10;
/** Each is looked at for every need that is added. */
const MAX_KEPT = 50;

const isEnoughFor = (offered: Least, wanted: Least): boolean =>
  wanted.cpus <= offered.cpus && wanted.mem <= offered.mem && wanted.disk <= offered.disk && wanted.gpus <= offered.gpus;

/** The most that both need: whoever has enough for one of them has it. */
const common = (a: Least, b: Least): Least => ({
  cpus: Math.min(a.cpus, b.cpus),
  mem: Math.min(a.mem, b.mem),
  disk: Math.min(a.disk, b.disk),
  gpus: Math.min(a.gpus, b.gpus),
});

const compare = (a: Least, b: Least): number => a.cpus - b.cpus || a.mem - b.mem || a.disk - b.disk || a.gpus - b.gpus;

/** With one more, without those that say nothing besides a smaller one. */
const withOneMore = (sets: readonly Least[], least: Least): readonly Least[] =>
  sets.some((smaller) => isEnoughFor(least, smaller)) ? sets : [...sets.filter((larger) => !isEnoughFor(larger, least)), least];

/** Neighbours are joined until there are few enough. */
const atMost = (sets: readonly Least[], count: number): readonly Least[] => {
  if (sets.length <= count) return sets;
  const sorted = [...sets].sort(compare);
  const start = (group: number): number => Math.floor((group * sets.length) / count);
  const groups = Array.from({ length: count }, (_, group) => sorted.slice(start(group), start(group + 1)).reduce(common));
  return groups.reduce<readonly Least[]>(withOneMore, []);
};

/** What an agent must have unallocated to be of use for one of several needs. */
export class LeastNeeds {
  #sets: readonly Least[] = [];

  add(need: Least): void {
    this.#sets = withOneMore(this.#sets, need);
    if (this.#sets.length > MAX_KEPT) this.#sets = atMost(this.#sets, MAX_SETS);
  }

  get quantities(): OfferFilters.MinAllocatableResources {
    return {
      quantities: [...atMost(this.#sets, MAX_SETS)].sort(compare).map((least) => ({
        quantities: Object.fromEntries(
          scalarNames.filter((name) => least[name] > 0).map((name) => [name, { value: fromMilli(least[name]) }]),
        ),
      })),
    };
  }
}
