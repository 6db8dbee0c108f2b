// SUBSCRIBE of the operator API: a stream of what changes, after the whole state (src/master/readonly_handler.cpp, subscribe;
// master.cpp: Master::subscribe, Subscribers::send).
import type { Response } from 'express';
import type { Event } from '../../generated/master-protocol.js';
import type { MediaType } from '../../wire/decode-call.js';
import { encodeMessage, encodeRecord } from '../../wire/encode-event.js';
import { masterEventType } from '../../wire/operator-messages.js';
import type { Master } from '../master.js';
import { changes, Seen } from '../views/operator-events.js';
import { getState } from '../views/state-messages.js';

/** --max_operator_event_stream_subscribers: the oldest one has to go. */
const MOST_SUBSCRIBERS = 1000;
const HEARTBEAT_SECONDS = 15;

interface Subscriber {
  readonly response: Response;
  readonly mediaType: MediaType;
  readonly heartbeat: NodeJS.Timeout;
}

export class OperatorSubscriptions {
  private readonly subscribers = new Set<Subscriber>();
  private seen: Seen | undefined;

  constructor(private readonly master: Master) {
    master.observe({ decided: () => this.changed() });
  }

  get size(): number {
    return this.subscribers.size;
  }

  open(response: Response, mediaType: MediaType): void {
    response.writeHead(200, { 'Content-Type': mediaType });
    response.on('error', () => undefined);
    response.socket?.setNoDelay(true);
    const subscriber: Subscriber = {
      response,
      mediaType,
      heartbeat: setInterval(() => this.send(subscriber, { type: 'HEARTBEAT' }), HEARTBEAT_SECONDS * 1000),
    };
    subscriber.heartbeat.unref();
    response.on('close', () => this.forget(subscriber));
    const subscribed = { get_state: getState(this.master.state), heartbeat_interval_seconds: HEARTBEAT_SECONDS };
    this.send(subscriber, { type: 'SUBSCRIBED', subscribed });
    this.send(subscriber, { type: 'HEARTBEAT' });
    this.seen ??= new Seen(this.master.state);
    this.subscribers.add(subscriber);
    const [oldest] = this.subscribers;
    if (oldest !== undefined && this.subscribers.size > MOST_SUBSCRIBERS) oldest.response.end();
  }

  private forget(subscriber: Subscriber): void {
    clearInterval(subscriber.heartbeat);
    this.subscribers.delete(subscriber);
    if (this.subscribers.size === 0) this.seen = undefined;
  }

  private changed(): void {
    if (this.seen === undefined) return;
    for (const event of changes(this.master.state, this.seen)) for (const subscriber of this.subscribers) this.send(subscriber, event);
  }

  private send({ response, mediaType }: Subscriber, event: Event): void {
    if (!response.destroyed) response.write(encodeRecord(encodeMessage(masterEventType, event, mediaType)));
  }
}
