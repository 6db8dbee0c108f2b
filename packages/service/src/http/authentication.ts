import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { HttpError } from './http-error.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets only requests with `Authorization: Bearer <token>` through. */
export const requireToken = (token: string): RequestHandler => {
  const wanted = digest(token);
  return (request, response, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return next();
    response.setHeader('WWW-Authenticate', 'Bearer');
    throw new HttpError(401, 'the request needs the header "Authorization: Bearer <token>" with the token of API_TOKEN_FILE');
  };
};
