// What happens by time alone, at its exact time: offers and inverse offers that are too old, frameworks that did not come back
// (master.cpp: offerTimeout, inverseOfferTimeout, frameworkFailoverTimeout).
import { rescindOffer } from './allocator/offers.js';
import { rescindInverseOffer } from './maintenance/inverse-offers.js';
import type { InverseOfferRecord, MasterState, OfferRecord } from './master-state.js';
import type { Turn } from './turn.js';
import { removeOverdueFrameworks } from './remove-framework.js';

/** The oldest come first in their maps. */
const overdue = <T extends OfferRecord | InverseOfferRecord>(offers: Map<string, T>, madeUntil: number): T[] => {
  const result: T[] = [];
  for (const offer of offers.values()) {
    if (offer.madeAt > madeUntil) break;
    result.push(offer);
  }
  return result;
};

/** When `meetDeadlines` has something to do (epoch ms); Infinity: never, as things are. */
export function nextDeadline(master: MasterState): number {
  const deadlines = [Infinity];
  const { offerTimeoutMs } = master.settings;
  if (offerTimeoutMs !== undefined)
    for (const offers of [master.offers, master.inverseOffers]) {
      const oldest = offers.values().next().value;
      if (oldest !== undefined) deadlines.push(oldest.madeAt + offerTimeoutMs);
    }
  for (const { failoverDeadline } of master.frameworks.values()) if (failoverDeadline !== undefined) deadlines.push(failoverDeadline);
  return Math.min(...deadlines);
}

export function meetDeadlines(master: MasterState, turn: Turn): void {
  removeOverdueFrameworks(master, turn);
  const { offerTimeoutMs } = master.settings;
  if (offerTimeoutMs === undefined) return;
  for (const offer of overdue(master.offers, turn.now - offerTimeoutMs)) rescindOffer(master, offer, turn);
  for (const offer of overdue(master.inverseOffers, turn.now - offerTimeoutMs)) rescindInverseOffer(master, offer, turn);
}
