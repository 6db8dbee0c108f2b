import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import { agentIds, agentView } from '../domain/views/agent-view.js';
import type { Leading } from './leading.js';
import { pageOf, pageQuery } from './paging.js';
import { readQuery } from './query.js';

/** /api/v1/agents: the agents that Mesos offered, and what is known of them. */
export const agentRoutes = (leading: Leading): Router => {
  const router = Router();

  router.get(
    '/api/v1/agents',
    leading.answer((term, request) => {
      const query = readQuery(request, ['hostname', 'limit', 'cursor']);
      const page = pageQuery(query);
      return term.engine.read((state, now) => {
        const isWanted = (id: string): boolean =>
          query.hostname === undefined || state.leader.agents.get(id)?.facts.hostname === query.hostname;
        // Nobody knows when an agent was made: their ids are their order.
        const { items, next } = pageOf([...agentIds(state)].filter(isWanted), (id) => ({ createdAt: 0, id }), page);
        return { agents: items.map((id) => structuredClone(agentView(state, id, now))), next };
      });
    }),
  );

  router.get(
    '/api/v1/agents/:id',
    leading.answer((term, request) =>
      term.engine.read((state, now) => {
        const id = String(request.params['id']);
        if (agentIds(state).has(id)) return structuredClone(agentView(state, id, now));
        const message = `agent ${JSON.stringify(id.slice(0, 100))} is unknown: GET /api/v1/agents lists those that were offered since this leader began`;
        throw new HttpError(404, message, { field: 'id' });
      }),
    ),
  );

  return router;
};
