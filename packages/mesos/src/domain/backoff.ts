export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** What a wait after so many failures in a row (1 for the first) is at most: doubled each time, up to the maximum. */
export const longestBackoffMs = ({ firstMs, maxMs }: Backoff, failures: number): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));

/**
 * How long to wait after `failures` failures in a row (1 for the first): doubled each time up to the maximum, jittered down to the half of it,
 * so that the schedulers of a lost master do not come back all at once.
 * @param random 0 ≤ random < 1
 */
export const backoffMs = (backoff: Backoff, failures: number, random: number): number => {
  const full = longestBackoffMs(backoff, failures);
  return Math.round(full / 2 + (full / 2) * random);
};
