import { fromMilli, toMilli, type Interval } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';
import type { Resource, State } from '../model.js';

export const scalarNames = ['cpus', 'mem', 'disk', 'gpus'] as const;
export type ScalarName = (typeof scalarNames)[number];

/** What a resource asks for. Scalars in thousandths, as Mesos counts them; ports are counted. */
export interface Need extends Readonly<Record<ScalarName, number>> {
  /** All cpus (mem) that there are, of which `cpus` (`mem`) is the least that will do. */
  readonly takesAllCpus: boolean;
  readonly takesAllMem: boolean;
  /** So many, whichever. */
  readonly anyPorts: number;
  /** These very ports, in the order in which they were asked for. */
  readonly portRanges: readonly Interval[];
  /** All together. */
  readonly ports: number;
  /** What it is the need of. */
  readonly requested: Quantities;
  /** What is given to whoever needs this, shared by all of them; undefined: that depends on the agent. */
  readonly given: Quantities | undefined;
}

/** How many ports are in a list of ranges. */
export const countPorts = (ranges: readonly Interval[]): number => {
  let count = 0;
  for (const [begin, end] of ranges) count += end - begin + 1;
  return count;
};

const none: readonly Interval[] = [];

/** @param floor what 0 cpus or mem takes at least: all of an offer, but not a sliver */
export const needOf = (wanted: Quantities, floor: Quantities): Need => {
  const anyPorts = wanted.ports ?? 0;
  const portRanges = wanted.port_ranges === undefined ? none : wanted.port_ranges.map(({ begin, end }): Interval => [begin, end]);
  const need = {
    cpus: toMilli(wanted.cpus) || Math.max(1, toMilli(floor.cpus)),
    mem: toMilli(wanted.mem) || Math.max(1, toMilli(floor.mem)),
    disk: toMilli(wanted.disk ?? 0),
    gpus: toMilli(wanted.gpus ?? 0),
    takesAllCpus: toMilli(wanted.cpus) === 0,
    takesAllMem: toMilli(wanted.mem) === 0,
    anyPorts,
    portRanges,
    ports: anyPorts + countPorts(portRanges),
  };
  return { ...need, requested: wanted, given: givenOf(need) };
};

const givenOf = ({
  cpus,
  mem,
  disk,
  gpus,
  takesAllCpus,
  takesAllMem,
  ports,
}: Omit<Need, 'given' | 'requested'>): Quantities | undefined => {
  if (takesAllCpus || takesAllMem || ports > 0) return undefined;
  const given: Quantities = { cpus: fromMilli(cpus), mem: fromMilli(mem) };
  if (disk > 0) given.disk = fromMilli(disk);
  if (gpus > 0) given.gpus = fromMilli(gpus);
  return given;
};

/** The same, of what is asked for again with each offer. */
export const needOfResource = ({ settings }: State, { request, requested }: Resource): Need => {
  // All of a client's request need the same, as all of its kind do.
  if (request.allocate !== undefined && request.need !== undefined) return request.need;
  if (request.need?.requested !== requested) request.need = needOf(requested, settings.wholeOfferFloor);
  return request.need;
};

export const isSameNeed = (a: Need, b: Need): boolean =>
  scalarNames.every((name) => a[name] === b[name]) &&
  a.takesAllCpus === b.takesAllCpus &&
  a.takesAllMem === b.takesAllMem &&
  a.ports === 0 &&
  b.ports === 0;
