import { describe, expect, it } from 'vitest';
import { HandledOffers } from './handled-offers.js';

const MINUTE = 60_000;

describe('offers that were used or declined', () => {
  it('are known for ten minutes at least, and for twenty at most', () => {
    const handled = new HandledOffers();
    for (let minute = 0; minute < 60; minute += 1) expect(handled.add(`offer-${minute}`, minute * MINUTE)).toBe(true);
    const now = 60 * MINUTE - 1;
    for (let minute = 50; minute < 60; minute += 1) expect(handled.add(`offer-${minute}`, now)).toBe(false);
    for (let minute = 0; minute < 40; minute += 1) expect(handled.add(`offer-${minute}`, now)).toBe(true);
  });

  it('are forgotten after a long silence', () => {
    const handled = new HandledOffers();
    handled.add('offer', 0);
    expect(handled.add('other', 20 * MINUTE)).toBe(true);
    expect(handled.add('offer', 20 * MINUTE)).toBe(true);
  });
});
