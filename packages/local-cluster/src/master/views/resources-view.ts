// Resources as the operator endpoints show them (src/common/http.cpp, json of Resources and ResourceQuantities; Resources::reservations).
import type { Resource } from '../../generated/protocol.js';
import { formatQuantity } from '../../resources/format.js';
import { byReservationRole } from '../../resources/reservations.js';
import { endpointResource } from '../../resources/resource-format.js';
import { add, toWire, type Resources } from '../../resources/resources.js';

export type View = Readonly<Record<string, unknown>>;

/** What is allocated or offered to one role. */
export interface Holding {
  readonly role: string;
  readonly resources: Resources;
}

const nameOf = ({ name, revocable }: Resources[number]): string => (revocable === undefined ? name : `${name}_revocable`);

/** The four well-known scalars are always there; what differs in reservations only is summed up. */
export function resourcesView(resources: Resources): View {
  const milli = new Map([
    ['cpus', 0],
    ['gpus', 0],
    ['mem', 0],
    ['disk', 0],
  ]);
  const others = new Map<string, Resources>();
  for (const quantity of resources) {
    const name = nameOf(quantity);
    if (quantity.type === 'SCALAR') milli.set(name, (milli.get(name) ?? 0) + quantity.milli);
    else {
      const { reservations: _reservations, ...plain } = quantity;
      others.set(name, add(others.get(name) ?? [], [plain]));
    }
  }
  const view: Record<string, unknown> = {};
  for (const [name, value] of milli) view[name] = value / 1000;
  for (const [name, values] of others) for (const value of values) view[name] = formatQuantity(value);
  return view;
}

/** Amounts only: of ranges and sets how many they are (common/resource_quantities.cpp, fromResources). */
export function quantitiesMilli(resources: Resources): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const quantity of resources) {
    const milli =
      quantity.type === 'SCALAR'
        ? quantity.milli
        : quantity.type === 'SET'
          ? quantity.items.length * 1000
          : quantity.ranges.reduce((sum, [begin, end]) => sum + end - begin + 1, 0) * 1000;
    amounts.set(quantity.name, (amounts.get(quantity.name) ?? 0) + milli);
  }
  return amounts;
}

export const quantitiesView = (amounts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...amounts]
      .filter(([, milli]) => milli !== 0)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, milli]) => [name, milli / 1000]),
  );

/** Both forms of a reservation at once, as operators see it. */
export const fullResources = (resources: Resources, allocationRole?: string): Resource[] =>
  toWire(resources, allocationRole).map(endpointResource);

export const fullHoldings = (holdings: readonly Holding[]): Resource[] =>
  holdings.flatMap(({ role, resources }) => fullResources(resources, role));

export const reservedView = (resources: Resources): View =>
  Object.fromEntries([...byReservationRole(resources)].map(([role, reserved]) => [role, resourcesView(reserved)]));

export const reservedFull = (resources: Resources): View =>
  Object.fromEntries([...byReservationRole(resources)].map(([role, reserved]) => [role, fullResources(reserved)]));
