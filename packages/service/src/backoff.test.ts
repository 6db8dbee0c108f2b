import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, pause } from './backoff.js';
import { retryUntilDone } from './retry.js';
import { silentLogger } from './testing/silent-logger.js';

const bounds = { firstMs: 100, maxMs: 1000 };

describe('the pause before another attempt', () => {
  it('doubles up to its bound', () => {
    expect([1, 2, 3, 4, 5, 50].map((failures) => backoffMs(failures, bounds, 0.999999))).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('is between half and all of that', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const ms = backoffMs(failures, bounds, random);
        expect(ms).toBeGreaterThanOrEqual(50);
        expect(ms).toBeLessThanOrEqual(1000);
      }),
    );
  });

  it('ends early with the signal', async () => {
    const stop = new AbortController();
    const paused = pause(1_000_000, stop.signal);
    stop.abort();
    await paused;
    await pause(1_000_000, stop.signal);
  });
});

describe('trying until done', () => {
  const options = (signal: AbortSignal): Parameters<typeof retryUntilDone>[1] => ({
    what: 'test',
    logger: silentLogger,
    signal,
    backoff: { firstMs: 1, maxMs: 1 },
  });

  it('gives the first result', async () => {
    let attempts = 0;
    const result = retryUntilDone(
      () => (++attempts < 3 ? Promise.reject(new Error('no')) : Promise.resolve(attempts)),
      options(new AbortController().signal),
    );
    expect(await result).toBe(3);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    let attempts = 0;
    const result = retryUntilDone(() => {
      if (++attempts === 3) stop.abort();
      return Promise.reject(new Error('no'));
    }, options(stop.signal));
    await expect(result).rejects.toMatchObject({ name: 'AbortError' });
    expect(attempts).toBe(3);
  });
});
