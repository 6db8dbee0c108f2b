// What RESERVE and UNRESERVE make of resources (src/common/resources_utils.cpp, getResourceConversions).
import type { Offer } from '../generated/protocol.js';
import { allocated, allocatedFromWire, containsAllocated, formatAllocated, type Allocated } from './allocated.js';
import { popReservation } from './reservations.js';
import { add, subtract, type Resources } from './resources.js';

interface Conversion {
  readonly consumed: Allocated;
  readonly converted: Allocated;
}

const popped = (resources: Allocated): Allocated => new Map([...resources].map(([role, part]) => [role, popReservation(part)]));

const conversionsOf = ({ reserve, unreserve }: Offer.Operation): Conversion[] => {
  const pushed = allocatedFromWire(reserve?.resources);
  return [
    ...(reserve === undefined ? [] : [{ consumed: popped(pushed), converted: pushed }]),
    ...(unreserve?.resources ?? []).map((resource) => {
      const consumed = allocatedFromWire([resource]);
      return { consumed, converted: popped(consumed) };
    }),
  ];
};

export type Converted = { readonly resources: Resources } | { readonly error: string };

/**
 * What becomes of `resources`, which are allocated to `role`, by a valid RESERVE or UNRESERVE; or, in Mesos's words, why nothing does.
 * Without a role, the operation's resources are unallocated as well.
 */
export function convert(resources: Resources, role: string | undefined, operation: Offer.Operation): Converted {
  let result = resources;
  for (const { consumed, converted } of conversionsOf(operation)) {
    const present = allocated(role, result);
    if (!containsAllocated(present, consumed))
      return { error: `${formatAllocated(present)} does not contain ${formatAllocated(consumed)}` };
    result = add(subtract(result, consumed.get(role) ?? []), converted.get(role) ?? []);
  }
  return { resources: result };
}

/** What the agent has after it, whoever holds the resources. */
export function convertTotal(total: Resources, operation: Offer.Operation): Resources {
  let result = total;
  for (const { consumed, converted } of conversionsOf(operation))
    result = add(subtract(result, [...consumed.values()].flat()), [...converted.values()].flat());
  return result;
}
