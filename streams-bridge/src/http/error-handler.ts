import { HttpError, type Logger } from '@streams-on-mesos/service';
import type { ErrorRequestHandler } from 'express';
import { ProtocolError, type ProtocolErrors } from '../domain/protocol-error.js';

/** Answers every failure of an operation with `{error: {exception, key, code, args, field, message}}`. */
export const protocolErrorHandler =
  (errors: ProtocolErrors, logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, _response, next) => {
    if (error instanceof HttpError) return next(error);
    if (!(error instanceof ProtocolError)) logger.error({ error, path: request.path }, 'an operation failed unexpectedly');
    const known = error instanceof ProtocolError ? error : errors.unexpected();
    const { message, ...details } = known.body();
    next(new HttpError(known.status, message, details));
  };
