// POST /api/v1: the operator API (src/master/http.cpp, Master::Http::api; the checks, their order and texts).
import { Router, type Request, type Response } from 'express';
import type { Call } from '../../generated/master-protocol.js';
import { allowsMethod, badRequest, sendText } from '../../http/answers.js';
import { acceptedType, contentType, decodeBody, sendResult, type ApiResult } from '../../http/message-api.js';
import { anyBody, endpoint } from '../../http/requests.js';
import { masterCallType, masterResponseType } from '../../wire/operator-messages.js';
import type { Leadership } from '../leadership.js';
import { operatorCallError } from './operator-call-validation.js';
import type { OperatorSubscriptions } from './operator-subscriptions.js';
import { principalIn } from './authentication.js';
import { leaderOnly } from './leader-only.js';

/** Of every call but SUBSCRIBE. */
export type OperatorCallHandler = (call: Call, principal: string | undefined) => Promise<ApiResult>;

export const operatorApi = (leadership: Leadership, subscriptions: OperatorSubscriptions, handle: OperatorCallHandler): Router => {
  const router = Router({ caseSensitive: true });
  router.all(endpoint('master', 'api/v1'), leaderOnly(leadership), anyBody('64mb'), async (request: Request, response: Response) => {
    if (!allowsMethod(request, response, ['POST'])) return;
    if (request.get('content-type') === undefined) return sendText(response, badRequest(`Expecting 'Content-Type' to be present`));
    const type = contentType(request);
    if (type === undefined)
      return sendText(response, { status: 415, body: `Expecting 'Content-Type' of application/json or application/x-protobuf` });
    const decoded = decodeBody<Call>(masterCallType, request, type);
    if ('error' in decoded) return sendText(response, badRequest(decoded.error));
    const { call } = decoded;
    const invalid = operatorCallError(call);
    if (invalid !== undefined) return sendText(response, badRequest(`Failed to validate master::Call: ${invalid}`));
    const accepted = acceptedType(request);
    if (accepted === undefined)
      return sendText(response, { status: 406, body: `Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'` });
    if (call.type === 'SUBSCRIBE') return subscriptions.open(response, accepted);
    sendResult(response, await handle(call, principalIn(response)), masterResponseType, accepted);
  });
  return router;
};
