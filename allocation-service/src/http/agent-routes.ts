import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import { agentIds, agentView, type AgentView } from '../domain/views/agent-view.js';
import type { LeadingTerm } from '../leading-term.js';
import { submit, type Leading } from './leading.js';
import { pageOf, pageQuery } from './paging.js';
import { readQuery } from './query.js';

const read = (term: LeadingTerm, id: string): Promise<AgentView> =>
  term.engine.read((state, now) => {
    if (agentIds(state).has(id)) return structuredClone(agentView(state, id, now));
    const message = `agent ${JSON.stringify(id.slice(0, 100))} is unknown: GET /api/v1/agents lists those that were offered since this leader began`;
    throw new HttpError(404, message, { field: 'id' });
  });

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
    leading.answer((term, request) => read(term, String(request.params['id']))),
  );

  router.post(
    '/api/v1/agents/:id/return',
    leading.answer(async (term, request) => {
      const agentId = String(request.params['id']);
      await read(term, agentId);
      await submit(term, { type: 'return-agent', agentId });
      // One that was known only for being avoided is shown once more, as what it is now.
      return term.engine.read((state, now) => structuredClone(agentView(state, agentId, now)));
    }),
  );

  return router;
};
