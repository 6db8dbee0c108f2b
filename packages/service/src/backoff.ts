import { setTimeout as delay } from 'node:timers/promises';

export interface BackoffBounds {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * The pause before the attempt after `failures` failures in a row: doubles up to `maxMs`, then a random part between
 * half and all of it, so that many instances do not come back at the same moment. `random` is in [0, 1).
 */
export const backoffMs = (failures: number, { firstMs, maxMs }: BackoffBounds, random: number): number => {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return Math.round(full * (0.5 + random / 2));
};

/** Waits; ends early, without an error, when `signal` aborts. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await delay(ms, undefined, { signal }).catch(() => undefined);
};
