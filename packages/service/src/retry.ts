import { backoffMs, pause, type BackoffBounds } from './backoff.js';
import type { Logger } from './log/logger.js';

export interface RetryOptions {
  /** What is tried, for the log: "connect to ZooKeeper". */
  readonly what: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Default: from half a second to 10 s. */
  readonly backoff?: BackoffBounds;
}

/** Tries again, with growing pauses, until it succeeds. Rejects only when `signal` aborts, with its reason. */
export const retryUntilDone = async <T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> => {
  const { what, logger, signal, backoff = { firstMs: 500, maxMs: 10_000 } } = options;
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const pauseMs = backoffMs(failures, backoff, Math.random());
      logger.warn({ error, attempt: failures, pauseMs }, `cannot ${what}, trying again`);
      await pause(pauseMs, signal);
    }
  }
};
