import type { Request, RequestHandler, Response } from 'express';
import { sendText } from '../../http/answers.js';
import type { Leadership } from '../leadership.js';

/** What a request asks the master's process, whether it named it or not: `/state` is `/master/state` (libprocess's delegate). */
const pathAtMaster = (request: Request): string =>
  request.originalUrl.startsWith('/master/') ? request.originalUrl : `/master${request.originalUrl}`;

const redirectTo = (response: Response, location: string): void => {
  response.status(307).set({ Location: location, 'Content-Length': '0' }).end();
};

/** Not leading: to the leader, or 503 while there is none (master/http.cpp, redirect). */
export const leaderOnly =
  (leadership: Leadership): RequestHandler =>
  (request, response, next) => {
    const { leading, leader } = leadership.current();
    if (leading) return next();
    if (leader === undefined) return sendText(response, { status: 503, body: 'No leader elected' });
    redirectTo(response, `//${leader}${pathAtMaster(request)}`);
  };

/** The leader's APIs wait for its registry (master/http.cpp: Http::scheduler, Http::api). */
export const recoveredOnly =
  (leadership: Leadership): RequestHandler =>
  (_request, response, next) => {
    if (!leadership.current().recovering) return next();
    sendText(response, { status: 503, body: 'Master has not finished recovery' });
  };
