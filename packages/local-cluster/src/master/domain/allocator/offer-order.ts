import { isReserved } from '../../../resources/reservations.js';
import type { Quantity } from '../../../resources/quantity.js';
import type { Resources } from '../../../resources/resources.js';

const isFirst = (quantity: Quantity): boolean => quantity.type !== 'SCALAR' || isReserved(quantity) || quantity.revocable !== undefined;

/** The order in which an offer lists them: what is no scalar or reserved first (HierarchicalAllocatorProcess::__generateOffers). */
export const inOfferOrder = (resources: Resources): Resources => [
  ...resources.filter(isFirst),
  ...resources.filter((quantity) => !isFirst(quantity)),
];
