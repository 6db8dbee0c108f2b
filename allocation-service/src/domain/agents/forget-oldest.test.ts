import { describe, expect, it } from 'vitest';
import { forgetOldest } from './forget-oldest.js';

const numbered = (count: number): Map<string, number> => new Map(Array.from({ length: count }, (_, n) => [String(n), n]));

describe('what is forgotten of a map', () => {
  it('is what was put there first, many at once', () => {
    const map = numbered(111);
    forgetOldest(map, 100);
    expect([map.size, map.has('10'), map.has('11')]).toEqual([100, false, true]);
  });

  it('is nothing while it is hardly above the most', () => {
    const map = numbered(110);
    forgetOldest(map, 100);
    expect(map.size).toBe(110);
  });
});
