// What the master checks of a resource list of the wire (src/common/resources.cpp, Resources::validate).
import type { Resource } from '../generated/protocol.js';
import { formatIdentity, formatLabels, formatQuantity } from './format.js';
import { isSameReservation } from './identity.js';
import { withValue } from './quantity.js';
import { isStrictSubroleOf, roleError } from './roles.js';

const scalarError = ({ scalar, ranges, set }: Resource): string | undefined => {
  if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
  if (scalar.value !== 0 && !(Math.round(scalar.value * 1000) > 0)) return 'Invalid scalar resource: value <= 0';
  return undefined;
};

const rangesError = ({ scalar, ranges, set }: Resource): string | undefined => {
  if (ranges === undefined || scalar !== undefined || set !== undefined) return 'Invalid ranges resource';
  const list = ranges.range ?? [];
  for (const [index, { begin, end }] of list.entries()) {
    if (begin > end) return 'Invalid ranges resource: begin > end';
    if (list.slice(index + 1).some((other) => begin <= other.begin && other.begin <= end))
      return 'Invalid ranges resource: overlapping ranges';
  }
  return undefined;
};

const setError = ({ scalar, ranges, set }: Resource): string | undefined => {
  if (set === undefined || scalar !== undefined || ranges !== undefined) return 'Invalid set resource';
  const items = set.item ?? [];
  return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
};

const valueError = (resource: Resource): string | undefined => {
  if (resource.type === 'SCALAR') return scalarError(resource);
  if (resource.type === 'RANGES') return rangesError(resource);
  if (resource.type === 'SET') return setError(resource);
  return 'Unsupported resource type';
};

const diskError = ({ name, disk }: Resource): string | undefined => {
  if (disk === undefined) return undefined;
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const source = disk.source;
  if (source === undefined || source.type === 'PATH' || source.type === 'MOUNT') return undefined;
  if (source.type !== 'BLOCK' && source.type !== 'RAW') return `Unsupported 'DiskInfo.Source.Type' in '${source.type}'`;
  if (source.mount !== undefined) return `Mount should not be set for ${source.type} disk source`;
  if (source.path !== undefined) return `Path should not be set for ${source.type} disk source`;
  return undefined;
};

const oldFormatError = ({ role = '*', reservation }: Resource): string | undefined => {
  const error = roleError(role);
  if (error !== undefined || reservation === undefined) return error;
  if (reservation.type !== undefined) return `'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field`;
  if (reservation.role !== undefined) return `'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field`;
  return role === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined;
};

const stackError = (reservations: readonly Resource.ReservationInfo[]): string | undefined => {
  for (const { type, role } of reservations) {
    if (type === undefined) return `Invalid reservation: 'Resource.ReservationInfo.type' field must be set.`;
    if (role === undefined) return `Invalid reservation: 'Resource.ReservationInfo.role' field must be set.`;
    const error = roleError(role);
    if (error !== undefined) return error;
    if (role === '*') return 'Invalid reservation: role "*" cannot be reserved';
  }
  for (const [index, { type, role = '' }] of reservations.entries()) {
    if (index === 0) continue;
    if (type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    const ancestor = reservations[index - 1]?.role ?? '';
    if (!isStrictSubroleOf(role, ancestor)) return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`;
  }
  return undefined;
};

/** The old format's fields beside a stack of one must say the same. */
const bothFormatsError = (own: Resource.ReservationInfo, { role, reservation }: Resource): string | undefined => {
  const invalid = (problem: string): string => `Invalid resource format: ${problem}`;
  if (role !== undefined && role !== own.role)
    return invalid(`'Resource.role' field with '${role}' does not match the role '${own.role ?? ''}' in 'Resource.reservations'`);
  if (own.type === 'STATIC')
    return reservation === undefined
      ? undefined
      : invalid(`'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC`);
  if (own.type !== 'DYNAMIC') return `Unsupported 'Resource.ReservationInfo.Type'`;
  if ((role === undefined) !== (reservation === undefined))
    return invalid(
      `'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC`,
    );
  if (reservation === undefined) return undefined;
  if ((reservation.principal ?? '') !== (own.principal ?? ''))
    return invalid(
      `'Resource.reservation.principal' field with '${reservation.principal ?? ''}' does not match the principal '${own.principal ?? ''}' in 'Resource.reservations'`,
    );
  if (!isSameReservation({ labels: reservation.labels ?? {} }, { labels: own.labels ?? {} }))
    return invalid(
      `'Resource.reservation.labels' field with '${formatLabels(reservation.labels ?? {})}' does not match the labels '${formatLabels(own.labels ?? {})}' in 'Resource.reservations'`,
    );
  return undefined;
};

const reservationsError = (resource: Resource): string | undefined => {
  const reservations = resource.reservations ?? [];
  const [first, second] = reservations;
  if (first === undefined) return oldFormatError(resource);
  const error = stackError(reservations);
  if (error !== undefined) return error;
  if (second === undefined) return bothFormatsError(first, resource);
  const given = resource.role !== undefined ? 'role' : resource.reservation !== undefined ? 'reservation' : undefined;
  return given === undefined
    ? undefined
    : `Invalid resource format: 'Resource.${given}' must not be set if there is more than one reservation in 'Resource.reservations'`;
};

const sharedError = ({ name, shared, disk }: Resource): string | undefined => {
  if (shared === undefined) return undefined;
  if (name !== 'disk') return `Resource ${name} cannot be shared`;
  return disk?.persistence === undefined ? 'Only persistent volumes can be shared' : undefined;
};

/** Why this resource is invalid, in Mesos's words; undefined when it is valid. */
export const resourceError = (resource: Resource): string | undefined =>
  resource.name === ''
    ? 'Empty resource name'
    : (valueError(resource) ?? diskError(resource) ?? reservationsError(resource) ?? sharedError(resource));

/** Why one of the resources is invalid, in Mesos's words; undefined when all are valid. */
export function resourcesError(resources: readonly Resource[]): string | undefined {
  for (const resource of resources) {
    const error = resourceError(resource);
    if (error === undefined) continue;
    const value = formatQuantity(withValue({ name: resource.name }, resource));
    return `Resource '${formatIdentity(resource, resource.allocation_info?.role)}:${value}' is invalid: ${error}`;
  }
  return undefined;
}
