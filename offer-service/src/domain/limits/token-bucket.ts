/** Lets a burst through at once, and then one an interval. */
export interface TokenBucket {
  readonly burst: number;
  readonly intervalMs: number;
  tokens: number;
  refilledAt: number;
}

export const fullBucket = (burst: number, intervalMs: number): TokenBucket => ({ burst, intervalMs, tokens: burst, refilledAt: 0 });

/** Takes one token if there is one. */
export const takeToken = (bucket: TokenBucket, now: number): boolean => {
  const intervals = Math.floor((now - bucket.refilledAt) / bucket.intervalMs);
  if (intervals > 0) {
    bucket.tokens = Math.min(bucket.burst, bucket.tokens + intervals);
    bucket.refilledAt = bucket.tokens === bucket.burst ? now : bucket.refilledAt + intervals * bucket.intervalMs;
  }
  if (bucket.tokens === 0) return false;
  // the interval of a full bucket begins when its first token goes
  if (bucket.tokens === bucket.burst) bucket.refilledAt = now;
  bucket.tokens -= 1;
  return true;
};
