// Resource arithmetic as Mesos does it (src/common/resources.cpp). A `Resources` value holds each resource (name, reservations, disk …)
// at most once and nothing that is empty. The order is Mesos's too: what is new comes last, and the last takes the place of what is used up.
import type { Resource } from '../generated/protocol.js';
import { formatIdentity, formatQuantity } from './format.js';
import { identityOf } from './identity.js';
import { coalesce, covers, isAlike, isEmpty, isIndivisible, minus, plus, withValue, type Quantity } from './quantity.js';
import { upgradeResource } from './resource-format.js';

export type Resources = readonly Quantity[];

const isEqual = (left: Quantity, right: Quantity): boolean => covers(left, right) && covers(right, left);

/** Whether the one can be taken from the other, which may not have enough of it. */
const isSubtractable = (from: Quantity, taken: Quantity): boolean => isAlike(from, taken) && (!isIndivisible(from) || isEqual(from, taken));

export function add(left: Resources, right: Resources): Resources {
  const result = [...left];
  for (const quantity of right) {
    if (isEmpty(quantity)) continue;
    const index = isIndivisible(quantity) ? -1 : result.findIndex((other) => isAlike(other, quantity));
    const present = result[index];
    if (present !== undefined) result[index] = plus(present, quantity);
    else result.push(quantity.type === 'RANGES' ? { ...quantity, ranges: coalesce(quantity.ranges) } : quantity);
  }
  return result;
}

/** What is left of `left`; what `right` has beyond it is ignored. */
export function subtract(left: Resources, right: Resources): Resources {
  const result = [...left];
  for (const taken of right) {
    const index = result.findIndex((quantity) => isSubtractable(quantity, taken));
    const present = result[index];
    if (present === undefined) continue;
    const rest = minus(present, taken);
    if (!isEmpty(rest)) {
      result[index] = rest;
      continue;
    }
    const last = result.pop();
    if (last !== undefined && index < result.length) result[index] = last;
  }
  return result;
}

export const contains = (left: Resources, right: Resources): boolean =>
  right.every((quantity) => isEmpty(quantity) || left.some((other) => isSubtractable(other, quantity) && covers(other, quantity)));

/** Whether both are the same, in whatever order. */
export const isSame = (left: Resources, right: Resources): boolean => contains(left, right) && contains(right, left);

/** Of all reservations together. */
export function scalarMilli(resources: Resources, name: string): number {
  let sum = 0;
  for (const quantity of resources) if (quantity.name === name && quantity.type === 'SCALAR') sum += quantity.milli;
  return sum;
}

/** The sum of a resource list of the wire, in either format. Call it with validated resources only (`resourcesError`). */
export const fromWire = (resources: readonly Resource[] | undefined): Resources =>
  (resources ?? []).reduce<Resources>((sum, resource) => add(sum, [withValue(identityOf(upgradeResource(resource)), resource)]), []);

/** In the format with a stack of reservations; see `downgradeResource` for the other. */
export function toWire(resources: Resources, allocationRole?: string): Resource[] {
  return resources.map((quantity) => {
    const { name, type, reservations, disk, revocable, shared, provider_id } = quantity;
    return {
      ...(provider_id === undefined ? {} : { provider_id }),
      name,
      type,
      ...(quantity.type === 'SCALAR' ? { scalar: { value: quantity.milli / 1000 } } : {}),
      ...(quantity.type === 'RANGES' ? { ranges: { range: quantity.ranges.map(([begin, end]) => ({ begin, end })) } } : {}),
      ...(quantity.type === 'SET' ? { set: { item: [...quantity.items] } } : {}),
      ...(reservations === undefined ? {} : { reservations: [...reservations] }),
      ...(disk === undefined ? {} : { disk }),
      ...(revocable === undefined ? {} : { revocable }),
      ...(shared === undefined ? {} : { shared }),
      ...(allocationRole === undefined ? {} : { allocation_info: { role: allocationRole } }),
    };
  });
}

/** As Mesos prints them: `cpus(allocated: a)(reservations: [(STATIC,a)]):4; mem(allocated: a):8192`; without a role nothing is allocated. */
export const formatResources = (resources: Resources, allocationRole?: string): string =>
  resources.length === 0
    ? '{}'
    : resources.map((quantity) => `${formatIdentity(quantity, allocationRole)}:${formatQuantity(quantity)}`).join('; ');
