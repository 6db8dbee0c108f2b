import type { ErrorRequestHandler } from 'express';

/** What a request fails with before or in its handler: a body that is too large or no JSON (its status), or a mistake of ours (500). */
export const errorAnswer =
  (log: (message: string, fields: Record<string, unknown>) => void): ErrorRequestHandler =>
  (error: { readonly status?: number; readonly message?: string }, request, response, next) => {
    const { status = 500, message = 'unknown error' } = error;
    if (status >= 500) log('a request failed', { url: request.originalUrl, reason: message });
    if (response.headersSent) return next(error);
    response.status(status).type('text/plain; charset=utf-8').send(message);
  };
