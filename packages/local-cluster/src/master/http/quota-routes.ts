// Quota and weights: there are none here, and none can be set (src/master/quota_handler.cpp, weights_handler.cpp).
import { Router, type Request, type Response } from 'express';
import { allowsMethod, sendJson, sendText, type Answer } from '../../http/answers.js';
import { anyBody, endpoint, queryOf } from '../../http/requests.js';
import type { Leadership } from '../leadership.js';
import { leaderOnly } from './leader-only.js';

/** Where Mesos would do it. */
export const refused = (what: string): Answer => ({ status: 501, body: `The local cluster does not know ${what}` });

export const quotaRoutes = (leadership: Leadership): Router => {
  const router = Router({ caseSensitive: true });
  const fixed = (name: string, value: unknown, methods: readonly string[]): void => {
    router.all(endpoint('master', name), leaderOnly(leadership), anyBody('1mb'), (request: Request, response: Response) => {
      if (!allowsMethod(request, response, methods)) return;
      if (request.method === 'GET') sendJson(response, value, queryOf(request)['jsonp']);
      else sendText(response, refused(`changes of ${name}`));
    });
  };
  fixed('quota', {}, ['GET', 'POST', 'DELETE']);
  fixed('weights', [], ['GET', 'PUT']);
  return router;
};
