import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@streams-on-mesos/local-environment';
import { encodeRecord, type Call, type Event } from '@streams-on-mesos/mesos';
import { decodeCall, encodeEvent, type MediaType } from './mesos-wire-form.js';

/** Plays a Mesos master whose stream is in the hand of the test: for what a real one does only by chance. Speaks what it is spoken to in. */
export class MesosOnTheWire {
  readonly subscribes: Call[] = [];
  readonly calls: Call[] = [];
  /** The framework id that the next SUBSCRIBE without one gets. */
  nextFrameworkId = 'framework-1';
  /** When set, SUBSCRIBE is answered with this ERROR. */
  refusal: string | undefined;
  /** When true, SUBSCRIBE is not answered with an event until `subscribed()`. */
  holdsSubscribed = false;
  /** As SUBSCRIBED says; heartbeats themselves are the test's. */
  heartbeatSeconds = 15;
  /** When false, calls arrive and stay unanswered. */
  answersCalls = true;
  /** Of the newest call. */
  mediaType: MediaType = 'application/json';
  #stream: ServerResponse | undefined;
  #closedStreams = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
  }

  static async start(): Promise<MesosOnTheWire> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new MesosOnTheWire(server);
  }

  get master(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get closedStreams(): number {
    return this.#closedStreams;
  }

  send(...events: Event[]): void {
    for (const event of events) this.#stream?.write(encodeRecord(encodeEvent(this.mediaType, event)));
  }

  /** Answers the newest SUBSCRIBE. */
  subscribed(): void {
    const frameworkId = this.subscribes.at(-1)?.framework_id ?? { value: this.nextFrameworkId };
    this.send({ type: 'SUBSCRIBED', subscribed: { framework_id: frameworkId, heartbeat_interval_seconds: this.heartbeatSeconds } });
  }

  /** Ends the current stream, as a master that goes away does. */
  cut(): void {
    this.#stream?.destroy();
  }

  ofType(type: Call.Type): Call[] {
    return this.calls.filter((call) => call.type === type);
  }

  untilSubscribed(times = 1): Promise<unknown> {
    return until(`${times} subscriptions`, 20_000, () => this.subscribes.length >= times, 20);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.mediaType = request.headers['content-type'] as MediaType;
    const call = decodeCall(this.mediaType, Buffer.concat(chunks));
    if (call.type !== 'SUBSCRIBE') {
      this.calls.push(call);
      if (this.answersCalls) response.writeHead(202).end();
      return;
    }
    this.subscribes.push(call);
    response.writeHead(200, { 'content-type': this.mediaType, 'mesos-stream-id': `stream-${this.subscribes.length}` });
    response.on('close', () => (this.#closedStreams += 1));
    this.#stream = response;
    if (this.refusal !== undefined && call.framework_id !== undefined) {
      this.send({ type: 'ERROR', error: { message: this.refusal } });
      return;
    }
    // the header alone, that the stream is open
    if (this.holdsSubscribed) response.flushHeaders();
    else this.subscribed();
  }
}
