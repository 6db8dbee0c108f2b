// POST /api/v1/scheduler (src/master/http.cpp, Master::Http::scheduler): the checks, their order and their texts.
import { randomUUID } from 'node:crypto';
import { raw, Router, type Request, type RequestHandler, type Response } from 'express';
import { decodeCall, type MediaType } from '../../wire/decode-call.js';
import { callError } from '../domain/validation/call-validation.js';
import type { Call } from '../../generated/protocol.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import type { EventStreams } from './event-streams.js';

const PATH = '/api/v1/scheduler';
const BODY_LIMIT = '64mb';

const text = (response: Response, status: number, body?: string): void => {
  response.status(status);
  if (body === undefined) response.set('content-length', '0').end();
  else response.type('text/plain; charset=utf-8').send(body);
};

/** Compared as it stands: Mesos knows no parameters of a content type. */
const contentType = (request: Request): MediaType | undefined => {
  const given = request.get('content-type');
  return given === 'application/json' || given === 'application/x-protobuf' ? given : undefined;
};

/** JSON is tried first, so a request that takes anything gets JSON. */
const acceptedType = (request: Request): MediaType | undefined =>
  (['application/json', 'application/x-protobuf'] as const).find((type) => request.accepts(type) !== false);

/** Not leading: to the leader, or 503 while there is none (master/http.cpp, redirect). */
export const leaderOnly =
  (leadership: Leadership): RequestHandler =>
  (request, response, next) => {
    const { leading, leader } = leadership.current();
    if (leading) return next();
    if (leader === undefined) return text(response, 503, 'No leader elected');
    response
      .status(307)
      .set({ location: `//${leader}${request.originalUrl}`, 'content-length': '0' })
      .end();
  };

export const schedulerRoutes = (master: Master, streams: EventStreams, leadership: Leadership): Router => {
  const router = Router();

  const subscribe = (request: Request, response: Response, call: Call): void => {
    const mediaType = acceptedType(request);
    if (mediaType === undefined) return text(response, 406, `Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'`);
    if (request.get('mesos-stream-id') !== undefined)
      return text(response, 400, `Subscribe calls should not include the 'Mesos-Stream-Id' header`);
    if (call.subscribe === undefined) return;
    const stream = randomUUID();
    streams.open(stream, response, mediaType);
    response.on('close', () => {
      streams.forget(stream);
      master.streamClosed(stream);
    });
    master.subscribe(stream, { ...call.subscribe, framework_info: { ...call.subscribe.framework_info } });
  };

  router.all(PATH, leaderOnly(leadership), raw({ type: () => true, limit: BODY_LIMIT }), (request, response) => {
    if (request.method !== 'POST') {
      response.set('allow', 'POST');
      return text(response, 405, `405 Method Not Allowed. Expecting one of { 'POST' }, but received '${request.method}'.`);
    }
    if (request.get('content-type') === undefined) return text(response, 400, `Expecting 'Content-Type' to be present`);
    const mediaType = contentType(request);
    if (mediaType === undefined) return text(response, 415, `Expecting 'Content-Type' of application/json or application/x-protobuf`);
    const body: unknown = request.body;
    const decoded = decodeCall(Buffer.isBuffer(body) ? body : Buffer.alloc(0), mediaType);
    if ('error' in decoded) return text(response, 400, decoded.error);
    const { call } = decoded;
    const invalid = callError(call);
    if (invalid !== undefined) return text(response, 400, `Failed to validate scheduler::Call: ${invalid}`);
    if (call.type === 'SUBSCRIBE') return subscribe(request, response, call);
    const answer = master.call(call, request.get('mesos-stream-id'));
    text(response, answer.status, answer.body);
  });
  return router;
};
