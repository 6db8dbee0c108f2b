// What the master checks of lists of resources, each valid in itself (src/master/validation.cpp, namespace resource).
import type { Resource } from '../../../generated/protocol.js';
import { allocatedFromWire, type Allocated } from '../../../resources/allocated.js';
import { formatResources, fromWire, scalarMilli, type Resources } from '../../../resources/resources.js';
import { isDynamicallyReserved, reservationRole } from '../../../resources/reservations.js';
import { resourcesError } from '../../../resources/resource-validation.js';
import { idError } from './identifiers.js';

export const formatWire = (resource: Resource): string => formatResources(fromWire([resource]), resource.allocation_info?.role);

const diskInfoError = (resource: Resource): string | undefined => {
  const { disk, revocable, reservations = [] } = resource;
  if (disk === undefined) return undefined;
  if (disk.persistence === undefined) {
    if (disk.volume !== undefined) return 'Non-persistent volume not supported';
    return disk.source === undefined ? 'DiskInfo is set but empty' : undefined;
  }
  if (revocable !== undefined) return 'Persistent volumes cannot be created from revocable resources';
  if (reservations.length === 0) return 'Persistent volumes cannot be created from unreserved resources';
  if (disk.volume === undefined) return `Expecting 'volume' to be set for persistent volume`;
  if (disk.volume.host_path !== undefined) return `Expecting 'host_path' to be unset for persistent volume`;
  const error = idError(disk.persistence.id);
  return error === undefined ? undefined : `Invalid persistence ID for persistent volume: ${error}`;
};

/** `resource::validate`; in the format with a stack of reservations. */
export function listError(resources: readonly Resource[]): string | undefined {
  const invalid = resourcesError(resources);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  if (scalarMilli(fromWire(resources), 'gpus') % 1000 !== 0)
    return `Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer`;
  for (const resource of resources) {
    const error = diskInfoError(resource);
    if (error !== undefined) return `Invalid DiskInfo: ${error}`;
  }
  for (const resource of resources)
    if (resource.revocable !== undefined && fromWire([resource]).some(isDynamicallyReserved))
      return `Invalid ReservationInfo: Dynamically reserved resource ${formatWire(resource)} cannot be created from revocable resources`;
  return undefined;
}

const quantities = (resources: Allocated): Resources => [...resources.values()].flat();

/** `validateUniquePersistenceID` */
export function duplicatePersistenceError(resources: Allocated): string | undefined {
  const seen = new Set<string>();
  for (const quantity of quantities(resources)) {
    const id = quantity.disk?.persistence?.id;
    if (id === undefined) continue;
    const key = JSON.stringify([reservationRole(quantity), id]);
    if (seen.has(key)) return `Persistence ID '${id}' is not unique`;
    seen.add(key);
  }
  return undefined;
}

/** `validateRevocableAndNonRevocableResources` */
export function revocableMixError(resources: Allocated): string | undefined {
  const all = quantities(resources);
  const name = all.find(
    (quantity) => quantity.revocable !== undefined && all.some((other) => other.name === quantity.name && other.revocable === undefined),
  )?.name;
  return name === undefined ? undefined : `Cannot use both revocable and non-revocable '${name}' at the same time`;
}

/** `validateAllocatedToSingleRole` */
export function severalRolesError(resources: readonly Resource[]): string | undefined {
  const roles = resources.filter((resource) => fromWire([resource]).length > 0).map((resource) => resource.allocation_info?.role);
  const first = roles[0];
  for (const role of roles) {
    if (role === undefined) return 'The resources are not allocated to a role';
    if (role !== first)
      return `The resources have multiple allocation roles ('${role}' and '${first}') but only one allocation role is allowed`;
  }
  return undefined;
}

/** `validateSingleResourceProvider`: an empty list has none, and is refused with no name. */
export function severalProvidersError(resources: readonly Resource[]): string | undefined {
  const providers = new Set(resources.map((resource) => resource.provider_id?.value));
  if (providers.size === 1) return undefined;
  return providers.has(undefined)
    ? 'Some resources have a resource provider and some do not'
    : `The resources have multiple resource providers: ${[...providers].join(', ')}`;
}

const count = (resources: Allocated): number => {
  let sum = 0;
  for (const quantity of quantities(resources))
    if (quantity.type === 'SET') sum += quantity.items.length;
    else if (quantity.type === 'RANGES') for (const [begin, end] of quantity.ranges) sum += end - begin + 1;
  return sum;
};

/** `detectOverlappingSetAndRangeResources`: whether two of the lists want the same port or item. */
export const doOverlap = (...lists: readonly (readonly Resource[] | undefined)[]): boolean =>
  lists.reduce((sum, list) => sum + count(allocatedFromWire(list)), 0) !== count(allocatedFromWire(...lists));
