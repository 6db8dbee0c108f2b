// Talks bare wire to a master: what went out and came back, nothing repaired or hidden.
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { MediaType } from '../wire/decode-call.js';
import { callType, eventType } from '../wire/message-types.js';
import type { Call, Event } from '../generated/protocol.js';

export type Encoding = 'json' | 'pb';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface WireOptions {
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take; a stream's records may take as long as they like. Default: for ever. */
  readonly timeoutMs?: number;
}

/** What was waited for has not come in time. */
export class NotSeenError extends Error {
  override readonly name = 'NotSeenError';
}

export const mediaTypeOf = (encoding: Encoding): MediaType => (encoding === 'json' ? 'application/json' : 'application/x-protobuf');

export const encodeCall = (call: Partial<Call>, encoding: Encoding): Buffer =>
  encoding === 'json' ? Buffer.from(JSON.stringify(call)) : Buffer.from(callType.encode(callType.fromObject(call)).finish());

const decodeEvent = (bytes: Buffer, encoding: Encoding): Event =>
  encoding === 'json'
    ? (JSON.parse(bytes.toString('utf8')) as Event)
    : (eventType.toObject(eventType.decode(bytes), { enums: String, longs: Number, bytes: String }) as Event);

const readBody = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** An open answer to SUBSCRIBE. */
export class Subscription {
  readonly events: Event[] = [];
  isClosed = false;
  private readonly openedAt = Date.now();
  private closedAt: number | undefined;
  /** Why the stream could not be read further. */
  private fault: Error | undefined;
  private readonly watchers = new Set<() => void>();
  private rest = Buffer.alloc(0);

  constructor(
    private readonly message: IncomingMessage,
    private readonly encoding: Encoding,
  ) {
    if (message.statusCode !== 200) return;
    message.on('data', (chunk: Buffer) => this.read(chunk));
    message.on('error', () => undefined);
    message.on('close', () => {
      this.isClosed = true;
      this.closedAt = Date.now();
      this.changed();
    });
  }

  get status(): number {
    return this.message.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.message.headers;
  }

  /** For how long it was open, or has been until now. */
  get livedMs(): number {
    return (this.closedAt ?? Date.now()) - this.openedAt;
  }

  /** '' when the master gave none. */
  get streamId(): string {
    const id = this.message.headers['mesos-stream-id'];
    return typeof id === 'string' ? id : '';
  }

  /** The body of an answer that is no stream. */
  body(): Promise<string> {
    return readBody(this.message);
  }

  /** Waits until `find` gives something. @throws NotSeenError when it doesn't within `ms`, naming what has come. */
  until<T>(what: string, find: (events: readonly Event[]) => T | undefined, ms = 10_000): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const found = find(this.events);
        if (found === undefined) {
          if (this.fault !== undefined) fail(this.fault.message);
          return;
        }
        stop();
        resolve(found);
      };
      const fail = (why: string): void => {
        stop();
        reject(new NotSeenError(`${what}: ${why}; came: ${JSON.stringify(this.events.map(({ type }) => type))}`));
      };
      const timer = setTimeout(() => fail(`not within ${ms} ms`), ms);
      const stop = (): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
      };
      this.watchers.add(look);
      look();
    });
  }

  untilClosed(ms = 10_000): Promise<boolean> {
    return this.until('the end of the stream', () => (this.isClosed ? true : undefined), ms);
  }

  close(): void {
    this.message.destroy();
  }

  private read(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    try {
      for (let record = this.takeRecord(); record !== undefined; record = this.takeRecord())
        this.events.push(decodeEvent(record, this.encoding));
    } catch (error) {
      this.fault = new Error(`the stream is no RecordIO of events: ${(error as Error).message}`);
      this.message.destroy();
    }
    this.changed();
  }

  private takeRecord(): Buffer | undefined {
    const newline = this.rest.indexOf(0x0a);
    if (newline < 0) return undefined;
    const length = this.rest.toString('latin1', 0, newline);
    if (!/^\d{1,20}$/.test(length)) throw new Error(`'${length.slice(0, 80)}' is no length`);
    const end = newline + 1 + Number(length);
    if (this.rest.length < end) return undefined;
    const record = this.rest.subarray(newline + 1, end);
    this.rest = this.rest.subarray(end);
    return record;
  }

  private changed(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

export class WireClient {
  /** One connection for everything but subscriptions, so that calls arrive in order. */
  private readonly connection = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly url: string,
    readonly encoding: Encoding,
    private readonly options: WireOptions = {},
  ) {}

  async exchange({ method, path, headers = {}, body = '' }: Exchange): Promise<Answer> {
    const message = await this.send({ method, path, headers, body }, this.connection);
    const { timeoutMs } = this.options;
    const late = new NotSeenError(`${method} ${path}: its answer does not end within ${timeoutMs} ms`);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => message.destroy(late), timeoutMs);
    try {
      return { status: message.statusCode ?? 0, headers: message.headers, body: await readBody(message) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** `accept`: the encoding to ask for, if another than that of the call. */
  async subscribe(call: Partial<Call>, accept: Encoding = this.encoding): Promise<Subscription> {
    const headers = { 'Content-Type': mediaTypeOf(this.encoding), Accept: mediaTypeOf(accept) };
    const body = encodeCall(call, this.encoding);
    return this.open({ method: 'POST', path: '/api/v1/scheduler', headers, body }, accept);
  }

  /** An answer that may be a stream, on a connection of its own. */
  async open(exchange: Exchange, encoding: Encoding): Promise<Subscription> {
    return new Subscription(await this.send(exchange, new Agent()), encoding);
  }

  call(call: Partial<Call>, streamId: string): Promise<Answer> {
    const headers = { 'Content-Type': mediaTypeOf(this.encoding), 'Mesos-Stream-Id': streamId };
    return this.exchange({ method: 'POST', path: '/api/v1/scheduler', headers, body: encodeCall(call, this.encoding) });
  }

  close(): void {
    this.connection.destroy();
  }

  private send({ method, path, headers = {}, body = '' }: Exchange, agent: Agent): Promise<IncomingMessage> {
    const { timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.url), { method, headers: { ...this.options.headers, ...headers }, agent }, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => outgoing.destroy(new NotSeenError(`${method} ${path}: no answer within ${timeoutMs} ms`)), timeoutMs);
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(body);
    });
  }
}
