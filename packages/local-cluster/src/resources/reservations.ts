// Who may use what, by reservations (src/common/resources.cpp).
import type { Quantity } from './quantity.js';
import { add, type Resources } from './resources.js';
import { isStrictSubroleOf } from './roles.js';

/** undefined: unreserved. */
export const reservationRole = ({ reservations }: Quantity): string | undefined => reservations?.at(-1)?.role;

export const isReserved = (quantity: Quantity, role?: string): boolean =>
  quantity.reservations !== undefined && (role === undefined || reservationRole(quantity) === role);

export const isDynamicallyReserved = ({ reservations }: Quantity): boolean => reservations?.at(-1)?.type === 'DYNAMIC';

/** Only frameworks with RESERVATION_REFINEMENT may be offered such. */
export const hasRefinedReservations = ({ reservations = [] }: Quantity): boolean => reservations.length > 1;

/** Unreserved, or reserved for the role or for one above it. */
export const isAllocatableTo = (quantity: Quantity, role: string): boolean => {
  const reserved = reservationRole(quantity);
  return reserved === undefined || reserved === role || isStrictSubroleOf(role, reserved);
};

export const allocatableTo = (resources: Resources, role: string): Resources =>
  resources.filter((quantity) => isAllocatableTo(quantity, role));

export const unreserved = (resources: Resources): Resources => resources.filter((quantity) => !isReserved(quantity));

/** Reserved for exactly this role; without one, for any. */
export const reserved = (resources: Resources, role?: string): Resources => resources.filter((quantity) => isReserved(quantity, role));

export const reservedToRoleSubtree = (resources: Resources, role: string): Resources =>
  resources.filter((quantity) => {
    const own = reservationRole(quantity);
    return own !== undefined && (own === role || isStrictSubroleOf(own, role));
  });

/** By the role that each is reserved for. */
export const byReservationRole = (resources: Resources): Map<string, Resources> => {
  const roles = new Map<string, Resources>();
  for (const quantity of resources) {
    const role = reservationRole(quantity);
    if (role !== undefined) roles.set(role, add(roles.get(role) ?? [], [quantity]));
  }
  return roles;
};

const popped = (quantity: Quantity): Quantity => {
  const { reservations = [], ...plain } = quantity;
  return reservations.length <= 1 ? plain : { ...plain, reservations: reservations.slice(0, -1) };
};

/** Takes away the finest reservation; all must be reserved. */
export const popReservation = (resources: Resources): Resources => add([], resources.map(popped));
