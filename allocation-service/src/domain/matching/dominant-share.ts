import type { Candidate } from './candidate.js';
import { scalarNames, type Need, type ScalarName } from './need.js';

// Best fit across dimensions. As in dominant resource fairness (Ghodsi et al., NSDI 2011), what a candidate has left is
// measured by the largest of its shares:
//
//     dominantShare(c) = max over q of left(c, q) / total(q)
//
// q are the quantities that something waiting asks for, total(q) is all that is at hand of q, when matching begins. The
// best fit is the candidate with the least dominant share that has room: small remainders are used up and whole agents
// stay whole for what needs them. A share only shrinks while resources are placed.

export type Totals = Readonly<Record<ScalarName, number>>;

/** All that there is of what something waiting needs; 0 of what nothing needs, so that it does not count. */
export const totalsOf = (candidates: readonly Candidate[], needs: Iterable<Need>): Totals => {
  const isNeeded = { cpus: false, mem: false, disk: false, gpus: false };
  for (const need of needs) for (const name of scalarNames) isNeeded[name] ||= need[name] > 0;
  const totals = { cpus: 0, mem: 0, disk: 0, gpus: 0 };
  for (const name of scalarNames) {
    if (!isNeeded[name]) continue;
    for (const candidate of candidates) totals[name] += candidate.most(name);
  }
  return totals;
};

export const dominantShare = (candidate: Candidate, totals: Totals): number => {
  let share = 0;
  for (const name of scalarNames) {
    const total = totals[name];
    if (total > 0) share = Math.max(share, candidate.most(name) / total);
  }
  return share;
};
