import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from '../log/logger.js';
import { HttpError } from './http-error.js';

export const MAX_BODY_BYTES = 1024 * 1024;

const describe = (error: unknown): HttpError | undefined => {
  if (error instanceof HttpError) return error;
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return new HttpError(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
  if (type === 'entity.parse.failed') return new HttpError(400, 'the body is not JSON');
  // What express and its body parser refuse by themselves; their messages are made for clients.
  return typeof status === 'number' && status >= 400 && status < 500 ? new HttpError(status, error.message) : undefined;
};

/** Answers every error as `{error: {message, …}}`; what is no fault of the client is logged and not shown. */
export const errorResponse = (logger: Logger): ErrorRequestHandler => {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = describe(error);
    if (known === undefined) logger.error({ error, method: request.method, path: request.path }, 'a request failed');
    const { status, message, details } = known ?? new HttpError(500, 'internal error, see the log of the service');
    response.status(status).json({ error: { ...details, message } });
  };
};

export const notFound: RequestHandler = (request) => {
  throw new HttpError(404, `there is nothing at ${request.method} ${request.path}`);
};

/** A body that is not declared as JSON would be overlooked; browsers can send such ones from any site. */
export const onlyJsonBodies: RequestHandler = (request, _response, next) => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is(['application/json', 'application/*+json'])) {
    throw new HttpError(415, 'the body must be JSON, with the header "Content-Type: application/json"');
  }
  next();
};
