import type { Refusal } from '../matching/feasibility.js';
import type { RefusalCount } from './explanation.js';
import type { Refused } from './proposals.js';
import { refusalText } from './words.js';

/** Constraints are counted one by one, everything else by its reason. */
const kindOf = (refusal: Refusal): string =>
  refusal.reason === 'constraint' ? `constraint ${JSON.stringify(refusal.constraint)}` : refusal.reason;

const isCloser = (a: Refusal, b: Refusal): boolean => {
  if ('offered' in a && typeof a.offered === 'number' && 'offered' in b && typeof b.offered === 'number') return a.offered > b.offered;
  if (a.reason === 'avoided' && b.reason === 'avoided') return a.since < b.since;
  return a.reason === 'alone' && b.reason === 'alone' && a.tasks < b.tasks;
};

/** How many offers failed on what, the most frequent reason first. */
export const tally = (refused: readonly Refused[], now: number): RefusalCount[] => {
  const counts = new Map<string, { offers: number; closest: Refusal }>();
  for (const { refusals } of refused) {
    for (const refusal of refusals) {
      const kind = kindOf(refusal);
      const known = counts.get(kind);
      if (known === undefined) counts.set(kind, { offers: 1, closest: refusal });
      else {
        known.offers += 1;
        if (isCloser(refusal, known.closest)) known.closest = refusal;
      }
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.offers - a.offers)
    .map(({ offers, closest }) => ({
      reason: closest.reason,
      offers,
      ...(closest.reason === 'constraint' && { constraint: closest.constraint }),
      closest,
      text: refusalText(closest, now),
    }));
};
