import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Codec } from '../codec/codec.js';
import { codecOf } from '../codec/codec-of.js';
import type { Call, Event } from '../generated/protocol.js';
import { encodeRecord } from '../record-io.js';
import type { Encoding } from '../scheduler-client-settings.js';

/** A SUBSCRIBE that arrived, to be answered by the test. */
export interface ArrivedSubscribe {
  readonly call: Call;
  /** As it was on the wire. */
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly path: string | undefined;
  /** Opens the stream with SUBSCRIBED. */
  accept(frameworkId?: string, streamId?: string): void;
  /** Opens the stream with SUBSCRIBED of a master of that version. */
  acceptAs(version: string): void;
  /** Opens the stream with nothing on it. */
  open(streamId?: string): void;
  refuse(status: number, text?: string, headers?: Record<string, string>): void;
  send(...events: Event[]): void;
  sendBytes(bytes: Uint8Array): void;
  end(): void;
  cut(): void;
  readonly closed: Promise<void>;
}

export interface ArrivedCall {
  readonly call: Call;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
  answer(status: number, text?: string, headers?: Record<string, string>): void;
}

/** Items that arrive, for a test to take one after the other; taking waits. */
class Arrivals<T> {
  readonly all: T[] = [];
  #taken = 0;
  #takers: (() => void)[] = [];

  add(item: T): void {
    this.all.push(item);
    this.#takers.splice(0).forEach((wake) => wake());
  }

  async next(): Promise<T> {
    const index = this.#taken++;
    while (this.all.length <= index) await new Promise<void>((wake) => this.#takers.push(wake));
    return this.all[index]!;
  }
}

/** A real HTTP server whose behaviour as a master is the test's. */
export class ScriptedMaster {
  readonly subscribes = new Arrivals<ArrivedSubscribe>();
  readonly calls = new Arrivals<ArrivedCall>();
  /** Answers calls with 202 as they come, unless a test wants to. */
  answersCalls = true;
  /** What `GET /redirect` points to. */
  leader: string | undefined;

  private constructor(
    private readonly server: Server,
    private readonly codec: Codec,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#handle(request, response));
  }

  static async start(encoding: Encoding = 'protobuf', tls?: TlsOptions): Promise<ScriptedMaster> {
    const server = tls === undefined ? createServer({ keepAliveTimeout: 0 }) : createTlsServer({ ...tls, keepAliveTimeout: 0 });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new ScriptedMaster(server, codecOf(encoding), tls === undefined ? 'http' : 'https');
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.scheme}://${this.host}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/redirect') {
      response.writeHead(this.leader === undefined ? 503 : 307, this.leader === undefined ? {} : { Location: `//${this.leader}` }).end();
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const call = this.codec.decodeCall(body);
    if (call.type === 'SUBSCRIBE') this.subscribes.add(this.#subscribe(call, body, request, response));
    else this.#call(call, body, request, response);
  }

  #call(call: Call, body: Buffer, { headers, socket }: IncomingMessage, response: ServerResponse): void {
    const answer = (status: number, text = '', more: Record<string, string> = {}) => {
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(text), ...more }).end(text);
    };
    this.calls.add({ call, body, headers, socket, answer });
    if (this.answersCalls) answer(202);
  }

  #subscribe(call: Call, body: Buffer, { headers, socket, url }: IncomingMessage, response: ServerResponse): ArrivedSubscribe {
    const open = (streamId = 'stream-1') => {
      response.writeHead(200, { 'Content-Type': this.codec.mediaType, 'Mesos-Stream-Id': streamId });
      response.flushHeaders();
    };
    const send = (...events: Event[]) => events.forEach((event) => response.write(encodeRecord(this.codec.encodeEvent(event))));
    return {
      call,
      body,
      headers,
      path: url,
      open,
      send,
      accept: (frameworkId = 'fw-1', streamId) => {
        open(streamId);
        send({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: frameworkId }, heartbeat_interval_seconds: 15 } });
      },
      acceptAs: (version) => {
        open();
        const master_info = { id: 'm', ip: 0, port: 5050, version };
        send({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'fw-1' }, heartbeat_interval_seconds: 15, master_info } });
      },
      refuse: (status, text = '', more = {}) =>
        response.writeHead(status, { 'Content-Length': Buffer.byteLength(text), ...more }).end(text),
      sendBytes: (bytes) => response.write(bytes),
      end: () => response.end(),
      cut: () => socket.destroy(),
      closed: new Promise((closed) => response.on('close', closed)),
    };
  }
}
