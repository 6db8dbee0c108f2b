import type { Candidate } from './candidate.js';
import { forgetOldest } from './forget-oldest.js';

/** What an agent had left when matching was done with it, and when. */
export interface SeenOffer {
  readonly candidate: Candidate;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The last offers of each agent to each role, the one seen longest ago first: a declined offer does not return for long. */
export type SeenOffers = Map<string, SeenOffer>;

const OFFERS_KEPT = 20_000;

/** Keeps in mind how offers were left, to say later why what still waits was not placed on them. */
export const rememberOffers = (seen: SeenOffers, candidates: Iterable<Candidate>, now: number): void => {
  for (const candidate of candidates) {
    const { key } = candidate;
    if (seen.has(key)) seen.delete(key);
    seen.set(key, { candidate, at: now });
  }
  forgetOldest(seen, OFFERS_KEPT);
};
