import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { NotificationPage } from '../domain/notifications.js';
import type { ProtocolErrors } from '../domain/protocol-error.js';
import type { NotificationFeed } from '../operations/notification-feed.js';
import { notificationQuery, parseWith } from './bodies.js';

const LONGEST_WAIT_MS = 60_000;
/** A proxy takes a stream that says nothing for long for a dead one. */
const STREAM_WAIT_MS = 15_000;

/**
 * GET /resourcemgr/v1/notifications?after=<seq>[&waitMs=<n>][&clientId=<id>]: what happened to resources after that number, as a
 * long poll of at most a minute, or as Server-Sent Events to who accepts text/event-stream (there `Last-Event-ID` is `after`).
 */
export const notificationRoutes = (feed: NotificationFeed, errors: ProtocolErrors, signal: AbortSignal): Router => {
  const router = Router();
  router.get('/resourcemgr/v1/notifications', async (request, response) => {
    const { after = 0, waitMs = 0, clientId } = parseWith(notificationQuery, queryOf(request), errors);
    const gone = AbortSignal.any([signal, goneSignal(response)]);
    const common = { clientId, signal: gone, traceId: randomUUID() };
    const wantsStream = request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
    if (!wantsStream) {
      const page = await feed.read({ ...common, after, waitMs: Math.min(waitMs, LONGEST_WAIT_MS) });
      response.json(page);
      return;
    }
    let next = after;
    while (!gone.aborted) {
      // The first page doesn't wait, so that an error still is an HTTP error and the head of the stream is sent at once.
      const page = await feed.read({ ...common, after: next, waitMs: response.headersSent ? STREAM_WAIT_MS : 0 });
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(eventText(page));
      next = page.seq;
    }
    response.end();
  });
  return router;
};

const queryOf = (request: Request): unknown => {
  const lastEventId = request.get('last-event-id');
  return lastEventId === undefined ? request.query : { ...request.query, after: lastEventId };
};

const goneSignal = (response: Response): AbortSignal => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
};

/** Only the last of those with one number has it as its id: who is cut off before asks for all of them again. */
const eventText = ({ notifications, snapshot, seq }: NotificationPage): string => {
  const replaced = snapshot === undefined ? [] : [{ name: 'snapshot', data: { seq, snapshot } }];
  const events = [...replaced, ...notifications.map((notification) => ({ name: notification.method, data: notification }))];
  const texts = events.map(({ name, data }, index) => {
    const id = events[index + 1]?.data.seq === data.seq ? '' : `id: ${data.seq}\n`;
    return `${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  });
  return texts.join('') || ': nothing new\n\n';
};
