import { describe, expect, it } from 'vitest';
import { firstBackoff, nextBackoff } from './registration-backoff.js';

describe('how long an agent waits with its registration', () => {
  it('at first a random part of the factor', () => {
    expect(firstBackoff(1_000, 0.25)).toEqual({ delayMs: 250, nextMaxMs: 2_000 });
  });

  it('then a random part of twice as much each time, of a minute at most', () => {
    const most: number[] = [];
    let max = firstBackoff(1_000, 0).nextMaxMs;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const { delayMs, nextMaxMs } = nextBackoff(max, 1);
      most.push(delayMs);
      max = nextMaxMs;
    }
    expect(most).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(nextBackoff(2_000, 0.5).delayMs).toBe(1_000);
  });
});
