// What the master checks of a resource list of the wire (src/common/resources.cpp, Resources::validate).
import type { Resource } from '../generated/protocol.js';
import { formatQuantity, fromWire } from './resources.js';
import { roleError } from './roles.js';

const rangesError = (resource: Resource): string | undefined => {
  const ranges = resource.ranges?.range ?? [];
  for (const [index, range] of ranges.entries()) {
    if (range.begin > range.end) return 'Invalid ranges resource: begin > end';
    if (ranges.slice(index + 1).some((other) => range.begin <= other.begin && other.begin <= range.end))
      return 'Invalid ranges resource: overlapping ranges';
  }
  return undefined;
};

const valueError = (resource: Resource): string | undefined => {
  const { scalar, ranges, set } = resource;
  if (resource.type === 'SCALAR') {
    if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
    if (scalar.value !== 0 && !(Math.round(scalar.value * 1000) > 0)) return 'Invalid scalar resource: value <= 0';
    return undefined;
  }
  if (resource.type === 'RANGES') {
    if (ranges === undefined || scalar !== undefined || set !== undefined) return 'Invalid ranges resource';
    return rangesError(resource);
  }
  if (resource.type === 'SET') {
    if (set === undefined || scalar !== undefined || ranges !== undefined) return 'Invalid set resource';
    const items = set.item ?? [];
    return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
  }
  return 'Unsupported resource type';
};

const oneError = (resource: Resource): string | undefined => {
  if (resource.name === '') return 'Empty resource name';
  return valueError(resource) ?? ((resource.reservations ?? []).length === 0 ? roleError(resource.role ?? '*') : undefined);
};

const describe = (resource: Resource): string => {
  const role = resource.allocation_info?.role;
  const value =
    resource.type === 'SCALAR'
      ? String(Math.round((resource.scalar?.value ?? 0) * 1000) / 1000)
      : fromWire([resource]).map(formatQuantity).join('');
  return `${resource.name}${role === undefined ? '' : `(allocated: ${role})`}:${value}`;
};

/** Why one of the resources is invalid, in Mesos's words; undefined when all are valid. */
export function resourcesError(resources: readonly Resource[]): string | undefined {
  for (const resource of resources) {
    const error = oneError(resource);
    if (error !== undefined) return `Resource '${describe(resource)}' is invalid: ${error}`;
  }
  return undefined;
}
