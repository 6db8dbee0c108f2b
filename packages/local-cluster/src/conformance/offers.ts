// What is in an offer.
import type { Offer, Resource } from '../generated/protocol.js';

const isReserved = (resource: Resource): boolean =>
  (resource.reservations ?? []).length > 0 || resource.reservation !== undefined || (resource.role ?? '*') !== '*';

/** How much of `name` may be used for any task, as other than revocable or disk of a volume. */
export const unreservedScalar = (offer: Offer, name: string): number =>
  (offer.resources ?? [])
    .filter(
      (resource) => resource.name === name && !isReserved(resource) && resource.revocable === undefined && resource.disk === undefined,
    )
    .reduce((sum, { scalar }) => sum + (scalar?.value ?? 0), 0);
