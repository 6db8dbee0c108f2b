import type { Reservation } from '../identity.js';
import { add, type Resources } from '../resources.js';

/** Each refined by one more reservation (src/common/resources.cpp, Resources::pushReservation). */
export const pushReservation = (resources: Resources, reservation: Reservation): Resources =>
  add(
    [],
    resources.map((quantity) => ({ ...quantity, reservations: [...(quantity.reservations ?? []), reservation] })),
  );
