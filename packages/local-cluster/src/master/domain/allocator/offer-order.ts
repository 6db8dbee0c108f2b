import { isReserved } from '../../../resources/reservations.js';
import type { Quantity } from '../../../resources/quantity.js';
import type { Resources } from '../../../resources/resources.js';

const isFirst = (quantity: Quantity): boolean => quantity.type !== 'SCALAR' || isReserved(quantity) || quantity.revocable !== undefined;

/** The order in which an offer lists them: what is no scalar or reserved first (HierarchicalAllocatorProcess::__generateOffers). */
export function inOfferOrder(resources: Resources): Resources {
  const last = resources.findLastIndex(isFirst);
  const firstOther = resources.findIndex((quantity) => !isFirst(quantity));
  if (firstOther === -1 || firstOther > last) return resources;
  return [...resources.filter(isFirst), ...resources.filter((quantity) => !isFirst(quantity))];
}
