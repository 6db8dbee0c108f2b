// The open subscriptions: one chunked response each, with a heartbeat (src/master/framework.cpp, Heartbeater).
import type { Response } from 'express';
import { encodeEvent, encodeRecord } from '../../wire/encode-event.js';
import type { MediaType } from '../../wire/decode-call.js';
import type { Event } from '../../generated/protocol.js';
import { SlowWriter } from './slow-writer.js';

interface Stream {
  readonly response: Response;
  readonly writer: SlowWriter;
  readonly mediaType: MediaType;
  heartbeat: NodeJS.Timeout | undefined;
  /** SUBSCRIBED was sent. */
  isSubscribed: boolean;
}

/** What is written until the event loop turns leaves together: thousands of tasks may change at once. */
const gatherWrites = ({ socket }: Response): void => {
  if (socket === null || socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
};

export class EventStreams {
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly heartbeatMs: number) {}

  open(id: string, response: Response, mediaType: MediaType): void {
    this.streams.set(id, { response, writer: new SlowWriter(response), mediaType, heartbeat: undefined, isSubscribed: false });
    // Not by Express's set(), which adds a charset: clients compare the type as it stands.
    response.writeHead(200, { 'Content-Type': mediaType, 'Mesos-Stream-Id': id });
    // What is written between the end of a connection and the news of it has nowhere to go.
    response.on('error', () => undefined);
    response.socket?.setNoDelay(true);
    response.flushHeaders();
  }

  /** What a reader doesn't take waits in memory without a bound, as in Mesos (3rdparty/libprocess/src/http.cpp, Pipe::Writer::write). */
  send(id: string, event: Event): void {
    const stream = this.streams.get(id);
    if (stream === undefined || stream.response.destroyed) return;
    gatherWrites(stream.response);
    stream.writer.write(encodeRecord(encodeEvent(event, stream.mediaType)));
    if (event.type !== 'SUBSCRIBED') return;
    stream.isSubscribed = true;
    this.send(id, { type: 'HEARTBEAT' });
    this.beat(id, stream);
  }

  /** Ends the response after what was sent. */
  close(id: string): void {
    this.forget(id)?.writer.end();
  }

  /** Breaks the connection, as a network would. */
  cut(id: string): void {
    this.streams.get(id)?.response.destroy();
  }

  /** The rest of the stream is that slow (bytes a second); 0: nothing passes; undefined: as fast as can be. */
  slow(id: string, bytesPerSecond: number | undefined): void {
    this.streams.get(id)?.writer.slow(bytesPerSecond);
  }

  forget(id: string): Stream | undefined {
    const stream = this.streams.get(id);
    clearInterval(stream?.heartbeat);
    this.streams.delete(id);
    return stream;
  }

  /** The process stands still. */
  pause(): void {
    for (const stream of this.streams.values()) clearInterval(stream.heartbeat);
  }

  resume(): void {
    for (const [id, stream] of this.streams) if (stream.isSubscribed) this.beat(id, stream);
  }

  closeAll(): void {
    for (const id of [...this.streams.keys()]) this.forget(id)?.response.destroy();
  }

  private beat(id: string, stream: Stream): void {
    clearInterval(stream.heartbeat);
    stream.heartbeat = setInterval(() => this.send(id, { type: 'HEARTBEAT' }), this.heartbeatMs);
  }
}
