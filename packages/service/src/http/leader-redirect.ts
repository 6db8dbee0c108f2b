import type { RequestHandler } from 'express';
import { HttpError } from './http-error.js';

export interface Leader {
  readonly self: boolean;
  /** Advertised URL of the leader, if there is one. */
  readonly url?: string | undefined;
}

/** Sends requests on to the leader (307 keeps method and body) unless this instance leads. */
export const redirectToLeader = (leader: () => Leader | Promise<Leader>, ownUrl: () => string): RequestHandler => {
  return async (request, response, next) => {
    const { self, url } = await leader();
    if (self) return next();
    const target = url?.replace(/\/+$/, '');
    // An entry that still names this instance as the leader would send the client round in circles.
    if (target === undefined || target === ownUrl()) {
      response.setHeader('Retry-After', '1');
      throw new HttpError(503, 'no instance leads at the moment, try again in a second');
    }
    response.redirect(307, target + request.originalUrl);
  };
};
