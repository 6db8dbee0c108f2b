// POST /teardown (src/master/http.cpp, Master::Http::teardown).
import { Router, type Request, type Response } from 'express';
import { allowsMethod, badRequest, sendText } from '../../http/answers.js';
import { anyBody, endpoint, formOf } from '../../http/requests.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { leaderOnly } from './leader-only.js';
import { teardown } from './operator-calls.js';

export const frameworkRoutes = (master: Master, leadership: Leadership): Router => {
  const router = Router({ caseSensitive: true });
  router.all(endpoint('master', 'teardown'), leaderOnly(leadership), anyBody('1mb'), (request: Request, response: Response) => {
    if (!allowsMethod(request, response, ['POST'])) return;
    const form = formOf(request);
    if ('error' in form) return sendText(response, badRequest(`Unable to decode query string: ${form.error}`));
    const { frameworkId } = form.values;
    if (frameworkId === undefined) return sendText(response, badRequest(`Missing 'frameworkId' query parameter in the request body`));
    sendText(response, teardown(master, frameworkId));
  });
  return router;
};
