import { performance } from 'node:perf_hooks';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Codec } from '../codec/codec.js';
import type { Event } from '../generated/protocol.js';
import { RecordReader } from '../record-io.js';
import { authorizationHeader, type Credentials } from './credentials.js';
import { redirectTarget } from './redirect-target.js';
import type { TlsSettings } from './tls.js';
import { connectionFailure, type TlsProblem } from './connection-failure.js';

export const SCHEDULER_PATH = '/api/v1/scheduler';

/** Events are read for so long in one turn of the event loop, and what their reader does with them comes on top; others have theirs before the rest. */
const TURN_MS = 1;

/** Of an answer that is no stream, this much is read: it is a sentence. */
const MAX_REFUSAL_BYTES = 4_096;
/** Mesos writes a UUID; anything longer is not one of its ids. */
const STREAM_ID = /^[\x21-\x7e]{1,128}$/;

export interface SubscribeStreamListener {
  readonly onOpened: (streamId: string | undefined) => void;
  /** `bytes`: of what was decoded. */
  readonly onEvent: (event: Event, bytes: number) => void;
  readonly onRefused: (status: number, redirect: string | undefined, text: string) => void;
  /** Once, and not after `close()`. */
  readonly onLost: (reason: string, tlsProblem?: TlsProblem) => void;
}

export interface SubscribeStreamOptions {
  readonly url: string;
  readonly codec: Codec;
  readonly body: Uint8Array;
  readonly credentials?: Credentials | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly recordLimitBytes: number;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One SUBSCRIBE and the events that answer it, on a connection of its own. */
export class SubscribeStream {
  readonly #request: ClientRequest;
  readonly #records: RecordReader;
  #response: IncomingMessage | undefined;
  /** What was read and is not decoded yet, while the rest of it waits for the next turn. */
  #unread: Iterator<Uint8Array> | undefined;
  #nextTurn: NodeJS.Immediate | undefined;
  #paused = false;
  #over = false;

  constructor(
    private readonly options: SubscribeStreamOptions,
    private readonly listener: SubscribeStreamListener,
  ) {
    const { url, codec, body, credentials, tls } = options;
    this.#records = new RecordReader(options.recordLimitBytes);
    const scheme = url.startsWith('https:') ? 'https' : 'http';
    const send = scheme === 'https' ? httpsRequest : httpRequest;
    this.#request = send(`${url}${SCHEDULER_PATH}`, {
      method: 'POST',
      agent: false,
      ...tls,
      headers: {
        'Content-Type': codec.mediaType,
        Accept: codec.mediaType,
        'Content-Length': body.length,
        ...(credentials && { Authorization: authorizationHeader(credentials) }),
      },
    });
    this.#request.setNoDelay(true);
    // The master sends heartbeats; this only helps the kernel to notice a peer that is gone for good.
    this.#request.setSocketKeepAlive(true, 30_000);
    this.#request.on('response', (response) => this.#onResponse(response));
    this.#request.on('error', (error) => {
      const { reason, tlsProblem } = connectionFailure(error, scheme);
      this.#lose(reason, tlsProblem);
    });
    this.#request.end(body);
  }

  /** Stops reading, in the middle of a large event too: what the master sends meanwhile waits in the buffers of the transport. */
  pause(): void {
    this.#paused = true;
    this.#response?.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#unread === undefined) this.#response?.resume();
    else this.#readInNextTurn();
  }

  close(): void {
    this.#over = true;
    this.#unread = undefined;
    clearImmediate(this.#nextTurn);
    this.#request.destroy();
  }

  #lose(reason: string, tlsProblem?: TlsProblem): void {
    // what had arrived before still counts
    if (this.#unread !== undefined) this.#readAll();
    if (this.#over) return;
    this.close();
    this.listener.onLost(reason, tlsProblem);
  }

  #onResponse(response: IncomingMessage): void {
    if (this.#over) return;
    this.#response = response;
    response.on('error', (error) => this.#lose(reasonOf(error)));
    if (response.statusCode !== 200) return this.#readRefusal(response);
    const type = response.headers['content-type'];
    const { mediaType } = this.options.codec;
    if (type !== undefined && type.split(';')[0]!.trim() !== mediaType)
      return this.#lose(`the answer to SUBSCRIBE is ${type} instead of ${mediaType}`);
    const streamId = response.headers['mesos-stream-id'];
    this.listener.onOpened(typeof streamId === 'string' && STREAM_ID.test(streamId) ? streamId : undefined);
    response.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    response.on('end', () =>
      this.#lose(this.#records.isBetweenRecords ? 'the master ended the stream' : 'the stream ended in the middle of an event'),
    );
    response.on('close', () => this.#lose('the connection was closed'));
  }

  #onChunk(chunk: Buffer): void {
    this.#unread = this.#slices(chunk);
    this.#readOn();
  }

  *#slices(chunk: Buffer): Generator<Uint8Array, void, undefined> {
    for (const record of this.#records.read(chunk)) yield* this.options.codec.slicesOf(record);
  }

  #readInNextTurn(): void {
    this.#nextTurn ??= setImmediate(() => {
      this.#nextTurn = undefined;
      this.#readOn();
    });
  }

  /** Decodes what has arrived, in order, for the time of a turn. Nothing more is read from the socket before all of it is decoded. */
  #readOn(): void {
    const turnEnds = performance.now() + TURN_MS;
    while (!this.#paused && this.#readNext())
      if (performance.now() >= turnEnds) {
        this.#response?.pause();
        this.#readInNextTurn();
        return;
      }
    if (!this.#paused) this.#response?.resume();
  }

  #readAll(): void {
    while (this.#readNext());
  }

  /** False when nothing is left that could be decoded. */
  #readNext(): boolean {
    try {
      const next = this.#unread?.next();
      if (next?.done === false) {
        this.listener.onEvent(this.options.codec.decodeEvent(next.value), next.value.length);
        return true;
      }
      this.#unread = undefined;
    } catch (error) {
      this.#unread = undefined;
      // Going on without this event might lose an update or hoard an offer; a new subscription loses nothing.
      this.#lose(`cannot read the stream: ${reasonOf(error)}`);
    }
    return false;
  }

  #readRefusal(response: IncomingMessage): void {
    const pieces: Buffer[] = [];
    let length = 0;
    const refuse = () => {
      if (this.#over) return;
      this.close();
      const { location } = response.headers;
      this.listener.onRefused(
        response.statusCode ?? 0,
        location === undefined ? undefined : redirectTarget(location, this.options.url),
        Buffer.concat(pieces).toString('utf8', 0, MAX_REFUSAL_BYTES).trim(),
      );
    };
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length >= MAX_REFUSAL_BYTES) refuse();
    });
    response.on('end', refuse);
    response.on('close', refuse);
  }
}
