import type { Router } from 'express';
import type { Registry } from 'prom-client';
import type { Logger } from '../log/logger.js';

export interface Readiness {
  readonly ready: boolean;
  readonly role?: string;
  /** What is missing, for an operator. */
  readonly reasons?: readonly string[];
}

export interface Leader {
  readonly self: boolean;
  /** Advertised URL of the leader, if there is one. */
  readonly url?: string | undefined;
}

export interface HttpOptions {
  readonly config: {
    readonly httpHost: string;
    readonly httpPort: number;
    readonly advertisedUrl?: string | undefined;
    readonly apiTokenFile?: string | undefined;
  };
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Its abort closes the server. */
  readonly signal: AbortSignal;
  readonly readiness: () => Readiness;
  /** Mounted at `/`; bodies of up to 1 MiB arrive parsed from JSON. */
  readonly routes?: Router;
  /** When given, only a leader answers /api: others redirect to it. May ask the registry. */
  readonly leader?: () => Leader | Promise<Leader>;
}

export interface HttpServer {
  /** ADVERTISED_URL, or made of host and port. Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /healthz, /readyz, /metrics and the routes. @throws ConfigurationError without a token beyond loopback */
export const startHttp = (_options: HttpOptions): Promise<HttpServer> => Promise.reject(new Error('startHttp is being built'));
