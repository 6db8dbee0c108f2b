// Arithmetic on the resources of offers and tasks (src/common/resources.cpp). A list may name one resource several times,
// reserved for several roles, say; what differs in anything but its amount is never added up.
import type { Resource } from '../generated/protocol.js';
import {
  addValues,
  containsValue,
  fromMilli,
  intervalsOf,
  isEmptyValue,
  subtractValues,
  toMilli,
  coalesce,
  type Interval,
} from './values.js';

export type Resources = readonly Resource[];

/** Keys in one order, absent ones away: equal texts are equal messages. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, one]) => [key, canonical(one)]),
  );
};

/** All that a resource is but how much of it. A role of '*' is what a resource of the old format has without one. */
const identityOf = ({ scalar: _scalar, ranges: _ranges, set: _set, ...rest }: Resource): string =>
  JSON.stringify(canonical({ ...rest, role: rest.role === '*' ? undefined : rest.role }));

/** An exclusive disk or a persistent volume is one thing, which can't be made larger by another (resources.cpp, addable). */
const isIndivisible = ({ disk, shared }: Resource): boolean => {
  if (shared !== undefined || disk?.persistence !== undefined) return true;
  const source = disk?.source;
  return source?.type === 'MOUNT' || source?.type === 'BLOCK' || (source?.type === 'RAW' && source.id !== undefined);
};

const indexIn = (resources: Resources, resource: Resource): number => {
  const identity = identityOf(resource);
  return resources.findIndex((other) => other.name === resource.name && identityOf(other) === identity);
};

export const addResources = (left: Resources, right: Resources): Resource[] => {
  const sum = [...left];
  for (const resource of right) {
    if (isEmptyValue(resource)) continue;
    const index = isIndivisible(resource) ? -1 : indexIn(sum, resource);
    const present = sum[index];
    if (present === undefined) sum.push(resource);
    else sum[index] = addValues(present, resource);
  }
  return sum;
};

/** What is left of `left`; what `right` has beyond it is ignored. */
export const subtractResources = (left: Resources, right: Resources): Resource[] => {
  const rest = [...left];
  for (const resource of right) {
    const index = indexIn(rest, resource);
    const present = rest[index];
    if (present === undefined) continue;
    const remaining = isIndivisible(present) ? undefined : subtractValues(present, resource);
    if (remaining === undefined || isEmptyValue(remaining)) rest.splice(index, 1);
    else rest[index] = remaining;
  }
  return rest;
};

export const containsResources = (left: Resources, right: Resources): boolean => {
  let rest: Resources = left;
  for (const resource of addResources([], right)) {
    const present = rest[indexIn(rest, resource)];
    if (present === undefined || !containsValue(present, resource)) return false;
    rest = subtractResources(rest, [resource]);
  }
  return true;
};

/** The role that a resource is reserved for, in either format; undefined when it is for everybody. */
export const reservationRole = ({ reservations = [], role }: Resource): string | undefined =>
  reservations.at(-1)?.role ?? (role === undefined || role === '*' ? undefined : role);

export const unreservedResources = (resources: Resources): Resource[] => resources.filter((one) => reservationRole(one) === undefined);

/** With a role: reserved for just that one. */
export const reservedResources = (resources: Resources, role?: string): Resource[] =>
  resources.filter((one) => (role === undefined ? reservationRole(one) !== undefined : reservationRole(one) === role));

export const nonRevocableResources = (resources: Resources): Resource[] => resources.filter(({ revocable }) => revocable === undefined);

/** `cpus`, `mem` (MB), `disk` (MB), `gpus`: the sum over all entries of that name. */
export const scalarOf = (resources: Resources, name: string): number =>
  fromMilli(resources.reduce((sum, one) => (one.name === name && one.type === 'SCALAR' ? sum + toMilli(one.scalar?.value ?? 0) : sum), 0));

/** `ports`: all entries of that name together, ascending. */
export const intervalsIn = (resources: Resources, name: string): Interval[] =>
  coalesce(resources.flatMap((one) => (one.name === name && one.type === 'RANGES' ? intervalsOf(one.ranges) : [])));
