import express, { type Express, type Router } from 'express';
import type { Registry } from 'prom-client';
import type { Logger } from '../log/logger.js';
import { requireToken } from './authentication.js';
import { errorResponse, MAX_BODY_BYTES, notFound, onlyJsonBodies } from './error-response.js';
import { redirectToLeader, type Leader } from './leader-redirect.js';

export interface Readiness {
  readonly ready: boolean;
  readonly role?: string;
  /** What is missing, for an operator. */
  readonly reasons?: readonly string[];
}

export interface AppOptions {
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly readiness: () => Readiness;
  readonly routes?: Router | undefined;
  readonly leader?: (() => Leader | Promise<Leader>) | undefined;
  /** Asked for on /api and /resourcemgr. */
  readonly token?: string | undefined;
  readonly ownUrl: () => string;
}

const GUARDED = ['/api', '/resourcemgr'];

/** What the HTTP server of every service answers. */
export const createApp = (options: AppOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', (_request, response) => {
    const { ready, role, reasons = [] } = options.readiness();
    response.status(ready ? 200 : 503).json({ ready, ...(role === undefined ? {} : { role }), reasons });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(options.metrics.contentType).send(await options.metrics.metrics());
  });
  if (options.token !== undefined) app.use(GUARDED, requireToken(options.token));
  if (options.leader !== undefined) app.use('/api', redirectToLeader(options.leader, options.ownUrl));
  app.use(onlyJsonBodies, express.json({ limit: MAX_BODY_BYTES, type: ['application/json', 'application/*+json'] }));
  if (options.routes !== undefined) app.use(options.routes);
  app.use(notFound);
  app.use(errorResponse(options.logger));
  return app;
};
