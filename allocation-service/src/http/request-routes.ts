import { HttpError } from '@streams-on-mesos/service';
import { readBody, type Allocate } from '@streams-on-mesos/messages';
import { Router } from 'express';
import { explain } from '../domain/explain/explain.js';
import type { Request, State } from '../domain/model.js';
import { findRequest } from '../domain/requests/requests.js';
import { hasEnded, SCALING } from '../domain/resources.js';
import { requestName, requestNamed, requestNameOf } from '../domain/views/request-name.js';
import { requestDetails, requestState, requestView, type RequestDetails } from '../domain/views/request-view.js';
import type { LeadingTerm } from '../leading-term.js';
import { submit, type Leading } from './leading.js';
import { pageOf, pageQuery } from './paging.js';
import { labelFilter, oneOf, ownerOf, readQuery } from './query.js';

const find = (state: State, id: string): Request => {
  const request = requestNamed(state, id);
  if (request !== undefined) return request;
  throw new HttpError(404, `request ${JSON.stringify(id.slice(0, 600))} is unknown: GET /api/v1/requests lists those that are known`, {
    field: 'id',
  });
};

/** The request, or the one that a resource is of. */
const findWaiting = (state: State, id: string): Request => state.resources.get(id)?.request ?? find(state, id);

const readDetails = (term: LeadingTerm, id: string): Promise<RequestDetails> =>
  term.engine.read((state) => structuredClone(requestDetails(state, find(state, id))));

/** @throws HttpError 400 naming the field that is none of an Allocate */
const allocateOf = (body: unknown): Allocate => {
  const checked = readBody('allocate', body);
  if ('message' in checked) throw new HttpError(400, checked.message, { field: checked.field });
  return checked.value;
};

/** What was given to its client is released, what was not yet is cancelled. */
const stopAll = async (term: LeadingTerm, id: string): Promise<void> => {
  const { owner, given, waiting } = term.engine.glance((state) => {
    const request = find(state, id);
    const living = [...request.resources].filter((resource) => !hasEnded(resource));
    const isGiven = ({ requestState }: (typeof living)[number]): boolean => requestState === 'REQUEST_ALLOCATED';
    return {
      owner: request.owner,
      given: living.filter(isGiven).map((resource) => resource.id),
      waiting: living.filter((resource) => !isGiven(resource)).map((resource) => resource.id),
    };
  });
  if (owner === SCALING) throw scaledNodesStay('PUT /api/v1/config with a smaller num_of_node');
  const who = { client_id: owner, request_id: id };
  // Both are decided now, before anything else can happen.
  await Promise.all([
    submit(term, { type: 'request', body: { kind: 'release', release: { ...who, resource_ids: given } } }),
    submit(term, { type: 'request', body: { kind: 'cancel', cancel: { ...who, resource_ids: waiting } } }),
  ]);
};

/** Another node would take the place of one that is stopped. */
export const scaledNodesStay = (remedy: string): HttpError =>
  new HttpError(409, `"${SCALING}" stands for the scaled nodes, of which there are as many as the config says: ${remedy} ends some`, {
    field: 'id',
  });

/** /api/v1/requests: what clients asked for, and asking without a streams-bridge. */
export const requestRoutes = (leading: Leading): Router => {
  const router = Router();

  router.get(
    '/api/v1/requests',
    leading.answer((term, request) => {
      const query = readQuery(request, ['owner', 'client_id', 'state', 'label', 'limit', 'cursor']);
      const owner = ownerOf(query);
      const wanted = oneOf('state', query.state, ['WAITING', 'ACTIVE', 'ENDED']);
      const hasLabel = labelFilter(query.label);
      const page = pageQuery(query);
      return term.engine.read((state) => {
        const matching = [...state.requests.values()].filter(
          (one) =>
            (owner === undefined || one.owner === owner) &&
            (wanted === undefined || requestState(one) === wanted) &&
            hasLabel(one.allocate?.labels),
        );
        const { items, next } = pageOf(matching, (one) => ({ createdAt: one.createdAt, id: requestName(one) }), page);
        return { requests: items.map((one) => structuredClone(requestView(state, one))), next };
      });
    }),
  );

  router.post(
    '/api/v1/requests',
    leading.answer(async (term, request, response) => {
      const allocate = allocateOf(request.body);
      const { client_id: clientId, request_id: requestId } = allocate;
      const isKnown = term.engine.glance((state, now) => findRequest(state, clientId, requestId, now) !== undefined);
      await submit(term, { type: 'request', body: { kind: 'allocate', allocate } });
      // Nobody waits here for the resources, as a streams-bridge does: each is ALLOCATED by itself when it is ready.
      await submit(term, { type: 'request', body: { kind: 'settle', settle: { client_id: clientId, request_id: requestId } } });
      const id = requestNameOf(clientId, requestId);
      response.status(isKnown ? 200 : 201).setHeader('Location', `/api/v1/requests/${id}`);
      return readDetails(term, id);
    }),
  );

  router.get(
    '/api/v1/requests/:id',
    leading.answer((term, request) => readDetails(term, String(request.params['id']))),
  );

  router.get(
    '/api/v1/requests/:id/explain',
    leading.answer((term, request) =>
      term.engine.read((state, now) => structuredClone(explain(state, findWaiting(state, String(request.params['id'])), now))),
    ),
  );

  router.delete(
    '/api/v1/requests/:id',
    leading.answer(async (term, request) => {
      const id = String(request.params['id']);
      await stopAll(term, id);
      return readDetails(term, id);
    }),
  );

  return router;
};
