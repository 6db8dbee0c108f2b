import type { Registry } from 'prom-client';
import type { ConfigOf, Settings } from '../configuration/setting.js';
import type { Logger } from '../log/logger.js';

export interface ServiceContext<S> {
  readonly config: ConfigOf<S>;
  readonly logger: Logger;
  /** Aborted by the first SIGTERM or SIGINT: stop gracefully. */
  readonly signal: AbortSignal;
  readonly metrics: Registry;
}

export interface ServiceSpec<S> {
  readonly name: string;
  readonly version?: string;
  readonly settings: S;
  /** Resolves when stopped; a rejection ends the process with exit code 1. */
  readonly run: (context: ServiceContext<S>) => Promise<void>;
  /** How long a graceful stop may take, default 10 s. */
  readonly stopTimeoutMs?: number;
}

/**
 * The frame of a service's process. `--help` and `--version` print and exit 0; a ConfigurationError goes to stderr, exit 2;
 * SIGTERM and SIGINT abort `signal`, a second one ends at once; a rejection of `run` or an uncaught error is logged, exit 1.
 */
export const runService = <S extends Settings>(spec: ServiceSpec<S>): void => {
  throw new Error(`${spec.name}: runService is being built`);
};
