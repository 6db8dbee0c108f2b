import type { Logger } from './log/logger.js';

export interface RetryOptions {
  /** What is tried, for the log: "connect to ZooKeeper". */
  readonly what: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Tries again, with growing pauses, until it succeeds. Rejects only when `signal` aborts. */
export const retryUntilDone = <T>(_attempt: () => Promise<T>, _options: RetryOptions): Promise<T> =>
  Promise.reject(new Error('retryUntilDone is being built'));
