// POST /api/v1/scheduler (src/master/http.cpp, Master::Http::scheduler): the checks, their order and their texts.
import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { allowsMethod, badRequest, sendText } from '../../http/answers.js';
import { acceptedType, contentType } from '../../http/message-api.js';
import { anyBody, bodyOf, endpoint } from '../../http/requests.js';
import { decodeCall } from '../../wire/decode-call.js';
import { callError } from '../domain/validation/call-validation.js';
import type { Call, FrameworkInfo } from '../../generated/protocol.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { principalIn } from './authentication.js';
import type { DelayedCalls } from './delayed-calls.js';
import type { EventStreams } from './event-streams.js';
import { leaderOnly } from './leader-only.js';

const BODY_LIMIT = '64mb';

const NOT_ACCEPTABLE = { status: 406, body: `Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'` };

const strangerError = (principal: string | undefined, info: FrameworkInfo | undefined): string | undefined =>
  principal === undefined || info === undefined || principal === (info.principal ?? '')
    ? undefined
    : `Authenticated principal '${principal}' does not match principal '${info.principal ?? ''}' set in \`FrameworkInfo\``;

export const schedulerRoutes = (master: Master, streams: EventStreams, leadership: Leadership, calls: DelayedCalls): Router => {
  const router = Router({ caseSensitive: true });

  const subscribe = (request: Request, response: Response, call: Call): void => {
    const mediaType = acceptedType(request);
    if (mediaType === undefined) return sendText(response, NOT_ACCEPTABLE);
    if (request.get('mesos-stream-id') !== undefined)
      return sendText(response, badRequest(`Subscribe calls should not include the 'Mesos-Stream-Id' header`));
    if (call.subscribe === undefined || response.destroyed) return;
    const stream = randomUUID();
    streams.open(stream, response, mediaType);
    response.on('close', () => {
      streams.forget(stream);
      master.streamClosed(stream);
    });
    const { framework_info: info } = call.subscribe;
    const principal = info.principal ?? principalIn(response);
    master.subscribe(stream, { ...call.subscribe, framework_info: principal === undefined ? { ...info } : { ...info, principal } });
  };

  /** Of a valid call. */
  const perform = (request: Request, response: Response, call: Call): void => {
    if (call.type === 'SUBSCRIBE') return subscribe(request, response, call);
    // Its answer once had a body.
    if (call.type === 'RECONCILE_OPERATIONS' && acceptedType(request) === undefined) return sendText(response, NOT_ACCEPTABLE);
    const stranger = strangerError(principalIn(response), master.state.frameworks.get(call.framework_id?.value ?? '')?.info);
    if (stranger !== undefined) return sendText(response, badRequest(stranger));
    sendText(response, master.call(call, request.get('mesos-stream-id')));
  };

  router.all(endpoint('master', 'api/v1/scheduler'), leaderOnly(leadership), anyBody(BODY_LIMIT), (request, response) => {
    if (!allowsMethod(request, response, ['POST'])) return;
    if (request.get('content-type') === undefined) return sendText(response, badRequest(`Expecting 'Content-Type' to be present`));
    const mediaType = contentType(request);
    if (mediaType === undefined)
      return sendText(response, { status: 415, body: `Expecting 'Content-Type' of application/json or application/x-protobuf` });
    const decoded = decodeCall(bodyOf(request), mediaType);
    if ('error' in decoded) return sendText(response, badRequest(decoded.error));
    const { call } = decoded;
    const info = call.type === 'SUBSCRIBE' ? call.subscribe?.framework_info : undefined;
    const invalid = callError(call) ?? (info?.principal === undefined ? undefined : strangerError(principalIn(response), info));
    if (invalid !== undefined) return sendText(response, badRequest(`Failed to validate scheduler::Call: ${invalid}`));
    calls.handle(() => perform(request, response, call));
  });
  return router;
};
