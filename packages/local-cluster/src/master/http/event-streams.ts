// The open subscriptions: one chunked response each, with a heartbeat (src/master/framework.cpp, Heartbeater).
import type { Response } from 'express';
import { encodeEvent, encodeRecord } from '../../wire/encode-event.js';
import type { MediaType } from '../../wire/decode-call.js';
import type { Event } from '../../generated/protocol.js';

interface Stream {
  readonly response: Response;
  readonly mediaType: MediaType;
  heartbeat: NodeJS.Timeout | undefined;
}

export class EventStreams {
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly heartbeatMs: number) {}

  open(id: string, response: Response, mediaType: MediaType): void {
    this.streams.set(id, { response, mediaType, heartbeat: undefined });
    // Not by Express's set(), which adds a charset: clients compare the type as it stands.
    response.writeHead(200, { 'content-type': mediaType, 'mesos-stream-id': id });
    // What is written between the end of a connection and the news of it has nowhere to go.
    response.on('error', () => undefined);
    response.socket?.setNoDelay(true);
    response.flushHeaders();
  }

  send(id: string, event: Event): void {
    const stream = this.streams.get(id);
    if (stream === undefined || stream.response.destroyed) return;
    stream.response.write(encodeRecord(encodeEvent(event, stream.mediaType)));
    if (event.type !== 'SUBSCRIBED') return;
    this.send(id, { type: 'HEARTBEAT' });
    stream.heartbeat = setInterval(() => this.send(id, { type: 'HEARTBEAT' }), this.heartbeatMs);
  }

  /** Ends the response after what was sent. */
  close(id: string): void {
    this.forget(id)?.response.end();
  }

  /** Breaks the connection, as a network would. */
  cut(id: string): void {
    this.streams.get(id)?.response.destroy();
  }

  forget(id: string): Stream | undefined {
    const stream = this.streams.get(id);
    clearInterval(stream?.heartbeat);
    this.streams.delete(id);
    return stream;
  }

  closeAll(): void {
    for (const id of [...this.streams.keys()]) {
      this.forget(id)?.response.destroy();
    }
  }
}
