import { setTimeout as delay } from 'node:timers/promises';

export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

/**
 * Asks `condition` until it gives something else than undefined or false; its own failures count as "not yet".
 * @throws WaitTimeout, or the reason of `signal` once that is aborted
 */
export const until = async <T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  intervalMs = 100,
  signal?: AbortSignal,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      if (error instanceof Fatal) throw error;
      last = error;
    }
    if (Date.now() >= deadline) {
      throw new WaitTimeout(`${what}: not within ${timeoutMs / 1000} s${last === undefined ? '' : ` (${(last as Error).message})`}`);
    }
    await delay(intervalMs);
  }
};

/** Thrown by a condition that can no longer come true. */
export class Fatal extends Error {
  override readonly name = 'Fatal';
}
