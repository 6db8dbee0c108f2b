import { createServer } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import express from 'express';
import type { ErrorRequestHandler, RequestHandler, Router } from 'express';
import { HttpError } from './http-error.js';

const bodyLimit = '1mb';

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** Whoever can reach this API runs commands on the agents: a web page opened in a browser on this machine must not be able to. */
const refuseForeignNames: RequestHandler = (request, _response, next) => {
  const host = request.hostname;
  if (host === 'localhost' || isIP(host.replace(/^\[|\]$/g, '')) !== 0) next();
  else next(new HttpError(403, `Host "${host}" is refused: on loopback use an IP address or "localhost"`));
};

/** Not answering other types keeps browsers from sending commands without asking first. */
const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is('application/json')) next();
  else next(new HttpError(415, 'Content-Type must be application/json (curl: -H "Content-Type: application/json")'));
};

const answerErrors =
  (report: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    const { status, message, details } = toHttpError(error);
    if (status === 500) report(error);
    response.status(status).json({ message, ...(details && { details }) });
  };

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const { status, type, message } = error as { status?: unknown; type?: unknown; message?: unknown };
  if (type === 'entity.too.large') return new HttpError(413, `The body is larger than ${bodyLimit}`);
  if (type === 'entity.parse.failed') return new HttpError(400, `Invalid JSON: ${String(message)}`);
  if (typeof status === 'number' && status >= 400 && status < 500) return new HttpError(status, String(message));
  return new HttpError(500, 'Internal error');
}

/** Listens before it resolves. `port` 0: any free one. `report` gets what should not have happened. */
export async function startHttp(host: string, port: number, routes: Router, report: (error: unknown) => void): Promise<HttpServer> {
  const app = express();
  app.disable('x-powered-by');
  if (isLoopback(host)) app.use(refuseForeignNames);
  app.use(requireJson);
  app.use(express.json({ limit: bodyLimit, strict: false }));
  app.use(routes);
  app.use((_request, _response, next) => next(new HttpError(404, 'URI not found')));
  app.use(answerErrors(report));
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`can't listen on ${host} port ${port} (--host, --port): ${error.message}`)));
    server.listen(port, host, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    port: actual,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
