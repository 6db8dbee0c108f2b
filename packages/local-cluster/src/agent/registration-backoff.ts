// How long an agent waits before it registers, and before it asks again (slave.cpp: detected, doReliableRegistration).

/** slave/constants.hpp, REGISTER_RETRY_INTERVAL_MAX */
const MOST_MS = 60_000;

export interface Backoff {
  readonly delayMs: number;
  /** The most that the next delay may be. */
  readonly nextMaxMs: number;
}

/** A leader was found. `factorMs`: --registration_backoff_factor; `random`: from 0 to 1. */
export const firstBackoff = (factorMs: number, random: number): Backoff => ({ delayMs: factorMs * random, nextMaxMs: factorMs * 2 });

/** A registration was sent. */
export const nextBackoff = (maxMs: number, random: number): Backoff => {
  const most = Math.min(maxMs, MOST_MS);
  return { delayMs: most * random, nextMaxMs: most * 2 };
};
