// Resources that may be allocated to several roles: what a call asks for, before it is known to ask for the offer's role only.
import type { Resource } from '../generated/protocol.js';
import { add, contains, formatResources, fromWire, type Resources } from './resources.js';

/** By role; what is allocated to none is of the role undefined. */
export type Allocated = ReadonlyMap<string | undefined, Resources>;

export const allocated = (role: string | undefined, resources: Resources): Allocated =>
  new Map(resources.length === 0 ? [] : [[role, resources]]);

/** Call it with validated resources only (`resourcesError`). */
export function allocatedFromWire(...lists: readonly (readonly Resource[] | undefined)[]): Allocated {
  const roles = new Map<string | undefined, Resources>();
  for (const resource of lists.flatMap((list) => list ?? [])) {
    const role = resource.allocation_info?.role;
    const sum = add(roles.get(role) ?? [], fromWire([resource]));
    if (sum.length > 0) roles.set(role, sum);
  }
  return roles;
}

export const containsAllocated = (available: Allocated, wanted: Allocated): boolean =>
  [...wanted].every(([role, resources]) => contains(available.get(role) ?? [], resources));

/** `cpus(allocated: a):4; mem(allocated: a):8192` */
export const formatAllocated = (resources: Allocated): string =>
  resources.size === 0 ? '{}' : [...resources].map(([role, part]) => formatResources(part, role)).join('; ');
