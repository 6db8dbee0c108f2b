import type { Candidate } from './candidate.js';
import { scalarNames, type ScalarName } from './need.js';
import type { RequestKind } from '../waiting/request-kind.js';
import type { Supply } from './supply.js';

// Best fit across dimensions. As in dominant resource fairness (Ghodsi et al., NSDI 2011), what a candidate has left is
// measured by the largest of its shares:
//
//     dominantShare(c) = max over q of left(c, q) / total(q)
//
// q are the quantities that something waiting asks for, total(q) is all that is at hand of q, when matching begins. The
// best fit is the candidate with the least dominant share that has room: small remainders are used up and whole agents
// stay whole for what needs them. A share only shrinks while resources are placed.

export type Totals = Readonly<Record<ScalarName, number>>;

/** Of a single candidate nothing has to be measured: it is the best. */
const ofOne: Totals = { cpus: 0, mem: 0, disk: 0, gpus: 0 };

/**
 * All that there is of what something waiting for the role asks for; 0 of what nothing asks for, so that it does not count.
 * undefined: nothing waits for the role.
 */
export const totalsOf = (candidates: readonly Candidate[], role: string, kinds: Iterable<RequestKind>): Totals | undefined => {
  const totals = { cpus: 0, mem: 0, disk: 0, gpus: 0 };
  const isAsked = { cpus: true, mem: true, disk: false, gpus: false };
  let isWaitedFor = false;
  for (const kind of kinds) {
    if (kind.role !== role) continue;
    if (candidates.length === 1) return ofOne;
    isWaitedFor = true;
    // Resources of one kind may differ in cpus and mem only.
    const [request] = kind;
    const [resource] = request?.waiting ?? [];
    isAsked.disk ||= (resource?.requested.disk ?? 0) > 0;
    isAsked.gpus ||= (resource?.requested.gpus ?? 0) > 0;
  }
  if (!isWaitedFor) return undefined;
  for (const name of scalarNames) {
    if (isAsked[name]) for (const candidate of candidates) totals[name] += candidate.most(name);
  }
  return totals;
};

const shareOf = (left: number, total: number): number => (total > 0 ? left / total : 0);

const dominantShareOf = ({ cpus, mem, disk, gpus }: Supply, totals: Totals): number =>
  Math.max(shareOf(cpus, totals.cpus), shareOf(mem, totals.mem), shareOf(disk, totals.disk), shareOf(gpus, totals.gpus));

export const dominantShare = ({ firm, revocable }: Candidate, totals: Totals): number => {
  const share = dominantShareOf(firm, totals);
  return revocable === undefined ? share : Math.max(share, dominantShareOf(revocable, totals));
};
