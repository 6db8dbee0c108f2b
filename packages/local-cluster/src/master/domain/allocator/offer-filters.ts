// Why a framework is not offered an agent: what it refused, how much it wants at least
// (allocator/mesos/hierarchical.cpp: recoverResources, isFiltered, allocatable).
import type { Filters, OfferFilters } from '../../../generated/protocol.js';
import type { MasterSettings } from '../master-settings.js';
import type { FrameworkRecord, MasterState, RefusedFilter } from '../master-state.js';
import { toMilli } from '../../../resources/quantity.js';
import { contains, scalarMilli, type Resources } from '../../../resources/resources.js';

const DEFAULT_REFUSE_SECONDS = 5;
const MAX_REFUSE_SECONDS = 365 * 24 * 3600;

/** How long a refusal lasts, in ms; 0 = it leaves no filter. */
export function refusalMs(filters: Filters, allocationIntervalMs: number): number {
  const asked = filters.refuse_seconds ?? DEFAULT_REFUSE_SECONDS;
  const seconds = asked > MAX_REFUSE_SECONDS ? MAX_REFUSE_SECONDS : asked < 0 || Number.isNaN(asked) ? DEFAULT_REFUSE_SECONDS : asked;
  // A filter outlives the next allocation, or it would be as if it had never been.
  return seconds === 0 ? 0 : Math.max(seconds * 1000, allocationIntervalMs);
}

export function addFilter(framework: FrameworkRecord, role: string, agentId: string, resources: Resources, expiresAt: number): void {
  const ofRole = framework.filters.get(role) ?? new Map();
  framework.filters.set(role, ofRole);
  ofRole.set(agentId, [...(ofRole.get(agentId) ?? []), { resources, expiresAt, covered: undefined }]);
}

export const removeFiltersOfAgent = (master: MasterState, agentId: string): void => {
  for (const framework of master.frameworks.values()) for (const ofRole of framework.filters.values()) ofRole.delete(agentId);
};

const covers = (filter: RefusedFilter, resources: Resources): boolean => {
  // Mostly nothing has changed since the last cycle, and resources are never changed in place.
  if (filter.covered === resources) return true;
  if (!contains(filter.resources, resources)) return false;
  filter.covered = resources;
  return true;
};

/** Refused resources and any part of them are not offered again until the filter expires. */
export function isFiltered(framework: FrameworkRecord, role: string, agentId: string, resources: Resources, now: number): boolean {
  const ofRole = framework.filters.get(role);
  const filters = ofRole?.get(agentId);
  if (ofRole === undefined || filters === undefined) return false;
  if (filters.some(({ expiresAt }) => expiresAt <= now)) {
    const current = filters.filter(({ expiresAt }) => expiresAt > now);
    if (current.length === 0) ofRole.delete(agentId);
    else ofRole.set(agentId, current);
    return current.some((filter) => covers(filter, resources));
  }
  return filters.some((filter) => covers(filter, resources));
}

type Shape = readonly (readonly [name: string, milli: number])[];
type Minimum = NonNullable<OfferFilters['min_allocatable_resources']>;

const shapesOfMaster = new WeakMap<MasterSettings['minAllocatable'], readonly Shape[]>();
const shapesOfFramework = new WeakMap<Minimum, readonly Shape[]>();

const once = <K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V => {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
};

const masterShapes = (minimum: MasterSettings['minAllocatable']): readonly Shape[] =>
  minimum.map((quantities) => Object.entries(quantities));

const frameworkShapes = ({ quantities = [] }: Minimum): readonly Shape[] =>
  quantities.map((one) => Object.entries(one.quantities ?? {}).map(([name, { value }]) => [name, toMilli(value)] as const));

/** Whether the resources are enough to be worth an offer, by the framework's own measure or else by the master's. */
export function isAllocatable(framework: FrameworkRecord, role: string, resources: Resources, settings: MasterSettings): boolean {
  if (resources.length === 0) return false;
  const own = framework.info.offer_filters?.[role]?.min_allocatable_resources;
  const shapes =
    own === undefined ? once(shapesOfMaster, settings.minAllocatable, masterShapes) : once(shapesOfFramework, own, frameworkShapes);
  return shapes.length === 0 || shapes.some((shape) => shape.every(([name, milli]) => scalarMilli(resources, name) >= milli));
}
