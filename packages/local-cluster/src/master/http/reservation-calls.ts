// Reservations that the operator makes and ends, by endpoint or by the operator API (src/master/http.cpp: reserve, unreserve).
import { Router, type Request, type Response } from 'express';
import type { Call } from '../../generated/master-protocol.js';
import type { Offer, Resource } from '../../generated/protocol.js';
import { allowsMethod, badRequest, sendText, type Answer } from '../../http/answers.js';
import { anyBody, endpoint, formOf, type Query } from '../../http/requests.js';
import { decodeList } from '../../wire/json-body.js';
import { messageType } from '../../wire/operator-messages.js';
import { operatorOperation } from '../domain/operations/operator-operation.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { principalIn } from './authentication.js';
import { leaderOnly } from './leader-only.js';
import { refused } from './quota-routes.js';

const BODY_LIMIT = '16mb';

const operate = (master: Master, agentId: string, operation: Offer.Operation, principal?: string): Answer =>
  master.operate((state, turn) => operatorOperation(state, agentId, operation, principal, turn));

export const reserveResources = (master: Master, { agent_id, source, resources }: Call.ReserveResources, principal?: string): Answer =>
  operate(master, agent_id.value, { type: 'RESERVE', reserve: { source, resources } }, principal);

export const unreserveResources = (master: Master, { agent_id, resources }: Call.UnreserveResources): Answer =>
  operate(master, agent_id.value, { type: 'UNRESERVE', unreserve: { resources } });

type Listed = { readonly resources: Resource[] } | { readonly error: string };

/** `what`: how Mesos begins to say that it can't be parsed. */
const listIn = (values: Query, name: 'resources' | 'source', what: string): Listed => {
  const text = values[name];
  if (text === undefined) return { error: `Missing '${name}' query parameter in the request body` };
  const decoded = decodeList(messageType('Resource'), text);
  if ('error' in decoded) return { error: `${what} '${name}' query parameter in the request body: ${decoded.error}` };
  return { resources: decoded.value as unknown as Resource[] };
};

const reserve = (master: Master, agentId: string, values: Query, principal: string | undefined): Answer => {
  const listed = listIn(values, 'resources', 'Error parsing');
  if ('error' in listed) return badRequest(listed.error);
  const source = values['source'] === undefined ? { resources: [] } : listIn(values, 'source', 'Error parsing');
  if ('error' in source) return badRequest(source.error);
  return reserveResources(master, { agent_id: { value: agentId }, source: source.resources, resources: listed.resources }, principal);
};

const unreserve = (master: Master, agentId: string, values: Query): Answer => {
  const listed = listIn(values, 'resources', 'Error in parsing');
  if ('error' in listed) return badRequest(listed.error);
  return unreserveResources(master, { agent_id: { value: agentId }, resources: listed.resources });
};

export const reservationRoutes = (master: Master, leadership: Leadership): Router => {
  const router = Router({ caseSensitive: true });
  const post = (name: string, handle: (master: Master, agentId: string, values: Query, principal: string | undefined) => Answer): void => {
    router.all(endpoint('master', name), leaderOnly(leadership), anyBody(BODY_LIMIT), (request: Request, response: Response) => {
      if (!allowsMethod(request, response, ['POST'])) return;
      const form = formOf(request);
      if ('error' in form) return sendText(response, badRequest(`Unable to decode query string: ${form.error}`));
      const { slaveId } = form.values;
      if (slaveId === undefined) return sendText(response, badRequest(`Missing 'slaveId' query parameter in the request body`));
      sendText(response, handle(master, slaveId, form.values, principalIn(response)));
    });
  };
  post('reserve', reserve);
  post('unreserve', unreserve);
  for (const name of ['create-volumes', 'destroy-volumes']) post(name, () => refused('persistent volumes'));
  return router;
};
