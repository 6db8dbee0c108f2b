import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import { unknownTaskIds } from '../domain/views/readiness.js';
import { stateView } from '../domain/views/changed.js';
import type { LeadingTerm } from '../leading-term.js';
import { agentRoutes } from './agent-routes.js';
import { configRoutes } from './config-routes.js';
import { eventRoutes } from './event-routes.js';
import { Leading, submit } from './leading.js';
import { requestRoutes } from './request-routes.js';
import { resourceRoutes } from './resource-routes.js';

/** The routes of the API. `current` is the term that this instance leads; undefined: it does not, or is still loading. */
export const apiRoutes = (current: () => LeadingTerm | undefined, maxNodes: number): Router => {
  const leading = new Leading(current);
  const router = Router();
  for (const routes of [configRoutes(leading, maxNodes), requestRoutes(leading), resourceRoutes(leading), agentRoutes(leading)]) {
    router.use(routes);
  }
  router.use(eventRoutes(leading));

  router.post(
    '/api/v1/reconcile',
    leading.answer(async (term, request) => {
      const { unknown_tasks: wish } = (request.body ?? {}) as { unknown_tasks?: unknown };
      if (wish !== 'kill' && wish !== 'adopt') {
        throw new HttpError(400, `unknown_tasks is ${JSON.stringify(wish)}: give "adopt" or "kill"`, { field: 'unknown_tasks' });
      }
      const found = await term.engine.read(unknownTaskIds);
      await submit(term, { type: wish === 'kill' ? 'kill-unknown-tasks' : 'adopt-unknown-tasks' });
      return { unknown_tasks: found };
    }),
  );

  router.get(
    '/api/v1/state',
    leading.answer((term) => term.engine.read((state) => ({ ...stateView(state) }))),
  );

  return router;
};
