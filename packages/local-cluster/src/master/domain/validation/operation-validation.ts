// What the master checks of RESERVE and UNRESERVE (src/master/validation.cpp, namespace operation).
import type { Offer, Resource } from '../../../generated/protocol.js';
import { allocatedFromWire } from '../../../resources/allocated.js';
import { isDynamicallyReserved } from '../../../resources/reservations.js';
import { fromWire } from '../../../resources/resources.js';
import { formatSet } from './framework-info.js';
import { formatWire, listError, severalProvidersError, severalRolesError } from './resource-lists.js';

/** A framework that reserves, or the operator, who may reserve what is allocated to nobody only. */
export interface Reserver {
  readonly principal: string | undefined;
  /** undefined: the operator. */
  readonly roles: readonly string[] | undefined;
}

const roleOf = ({ reservations = [] }: Resource): string => reservations.at(-1)?.role ?? '';

const isDynamic = (resource: Resource): boolean => fromWire([resource]).some(isDynamicallyReserved);

const principalError = (resource: Resource, principal: string | undefined): string | undefined => {
  if (principal === undefined) return undefined;
  const reserved = resource.reservations?.at(-1)?.principal;
  if (reserved === undefined)
    return `A reserve operation was attempted by principal '${principal}', but there is a reserved resource in the request with no principal set`;
  if (reserved === principal) return undefined;
  return `A reserve operation was attempted by authenticated principal '${principal}', which does not match a reserved resource in the request with principal '${reserved}'`;
};

const allocationError = (resource: Resource, roles: readonly string[] | undefined): string | undefined => {
  const attempt = 'A reserve operation was attempted';
  const allocated = resource.allocation_info?.role;
  const reserved = roleOf(resource);
  if (roles === undefined)
    return resource.allocation_info === undefined
      ? undefined
      : `${attempt} with an allocated resource, but the operator API only allows reservations to be made to unallocated resources`;
  if (allocated === undefined)
    return `${attempt} on unallocated resource ${formatWire(resource)}, but frameworks can only perform reservations on allocated resources`;
  if (allocated !== reserved)
    return `${attempt} for a resource with role '${reserved}', but the resource was allocated to role '${allocated}'`;
  if (!roles.includes(allocated))
    return `${attempt} for a resource allocated to role '${allocated}', but the framework only has roles '${formatSet(roles)}'`;
  return undefined;
};

/** In the format with a stack of reservations. */
export function reserveError({ resources = [] }: Offer.Operation.Reserve, reserver: Reserver): string | undefined {
  const invalid = listError(resources) ?? severalProvidersError(resources);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  for (const resource of resources) {
    if (!isDynamic(resource)) return `Resource ${formatWire(resource)} is not dynamically reserved`;
    const error = principalError(resource, reserver.principal) ?? allocationError(resource, reserver.roles);
    if (error !== undefined) return error;
  }
  const several = reserver.roles === undefined ? undefined : severalRolesError(resources);
  return several === undefined ? undefined : `Invalid reservation resources: ${several}`;
}

/** In the format with a stack of reservations. */
export function unreserveError({ resources = [] }: Offer.Operation.Unreserve): string | undefined {
  const invalid = listError(resources) ?? severalProvidersError(resources);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  for (const resource of resources) {
    if (!isDynamic(resource)) return `Resource ${formatWire(resource)} is not dynamically reserved`;
    if ([...allocatedFromWire([resource]).values()].flat().some(({ disk }) => disk?.persistence !== undefined))
      return `A dynamically reserved persistent volume ${formatWire(resource)} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
  }
  return undefined;
}
