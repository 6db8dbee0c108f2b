import { HttpError } from '@streams-on-mesos/service';
import { Router } from 'express';
import type { Resource, State } from '../domain/model.js';
import { isScaled } from '../domain/resources.js';
import { requestName } from '../domain/views/request-name.js';
import type { LeadingTerm } from '../leading-term.js';
import { submit, type Leading } from './leading.js';
import { pageOf, pageQuery } from './paging.js';
import { labelFilter, oneOf, ownerOf, readQuery } from './query.js';
import { scaledNodesStay } from './request-routes.js';
import { resourceView } from '../domain/views/resource-view.js';

const STATES = ['NEW', 'LAUNCHED', 'RUNNING', 'STOPPING', 'STOPPED', 'FAILED', 'CANCELLED'] as const;
const REQUEST_STATES = ['NEW', 'PENDING', 'ALLOCATED', 'CANCELLED', 'RELEASED'] as const;

const find = (state: State, id: string): Resource => {
  const resource = state.resources.get(id);
  if (resource !== undefined) return resource;
  throw new HttpError(404, `resource ${JSON.stringify(id.slice(0, 100))} is unknown: GET /api/v1/resources lists those that are known`, {
    field: 'id',
  });
};

const read = (term: LeadingTerm, id: string) => term.engine.read((state) => resourceView(find(state, id)));

/** What was given to its client is released, what was not yet is cancelled. */
const stop = async (term: LeadingTerm, id: string): Promise<void> => {
  const { owner, scaled, allocated } = term.engine.glance((state) => {
    const resource = find(state, id);
    return { owner: resource.request.owner, scaled: isScaled(resource), allocated: resource.requestState === 'REQUEST_ALLOCATED' };
  });
  if (scaled) throw scaledNodesStay('PUT /api/v1/config with a smaller num_of_node');
  const body = { client_id: owner, request_id: id, resource_ids: [id] };
  await submit(term, { type: 'request', body: allocated ? { kind: 'release', release: body } : { kind: 'cancel', cancel: body } });
};

/** /api/v1/resources: what clients and the scaled nodes hold. */
export const resourceRoutes = (leading: Leading): Router => {
  const router = Router();

  router.get(
    '/api/v1/resources',
    leading.answer((term, request) => {
      const names = ['owner', 'client_id', 'state', 'request_state', 'label', 'request', 'agent_id', 'host', 'limit', 'cursor'] as const;
      const query = readQuery(request, names);
      const owner = ownerOf(query);
      const wanted = oneOf('state', query.state, STATES);
      const requestState = oneOf('request_state', query.request_state, REQUEST_STATES);
      const hasLabel = labelFilter(query.label);
      const page = pageQuery(query);
      const { request: requestId, agent_id: agentId, host } = query;
      return term.engine.read((state) => {
        const matching = [...state.resources.values()].filter(
          (one) =>
            (owner === undefined || one.request.owner === owner) &&
            (wanted === undefined || one.state === wanted) &&
            (requestState === undefined || one.requestState === `REQUEST_${requestState}`) &&
            hasLabel(one.request.allocate?.labels) &&
            (agentId === undefined || one.placement?.agentId === agentId) &&
            (host === undefined || one.placement?.host === host) &&
            (requestId === undefined || requestName(one.request) === requestId),
        );
        const { items, next } = pageOf(matching, ({ createdAt, id }) => ({ createdAt, id }), page);
        return { resources: items.map((one) => resourceView(one)), next };
      });
    }),
  );

  router.get(
    '/api/v1/resources/:id',
    leading.answer((term, request) => read(term, String(request.params['id']))),
  );

  router.delete(
    '/api/v1/resources/:id',
    leading.answer(async (term, request) => {
      const id = String(request.params['id']);
      await stop(term, id);
      return read(term, id);
    }),
  );

  return router;
};
