import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fifo } from '../fifo.js';
import { authorizationHeader, type Credentials } from './credentials.js';
import { ResponseReader, type HttpResponse } from './response-reader.js';
import { SCHEDULER_PATH } from './subscribe-stream.js';
import type { TlsSettings } from './tls.js';

/** What became of a call on the wire. */
export type CallAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** Written, and the connection broke before the answer. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface CallConnectionOptions {
  readonly url: string;
  readonly mediaType: string;
  readonly streamId: string;
  readonly credentials?: Credentials | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly timeoutMs: number;
  readonly maxUnanswered: number;
  /**
   * The connection broke with calls unanswered. The master may still take them, so a call on another connection could overtake
   * them: the owner must end the subscription, which makes the master refuse what is left of it.
   */
  readonly onBroken: (reason: string) => void;
}

/** Lengths of bodies whose heads are kept. */
const MAX_HEADS = 64;

interface PendingCall {
  readonly body: Uint8Array;
  readonly settle: (answer: CallAnswer) => void;
}

/**
 * The calls of one subscription, in order, over one connection: an ACCEPT overtaken by its KILL would launch what was killed.
 * Calls are written without waiting for the answers to those before them, as Mesos's own library does (src/scheduler/scheduler.cpp).
 */
export class CallConnection {
  readonly #options: CallConnectionOptions;
  readonly #head: string;
  /** Heads by the length of the body: those of acknowledgements are all alike. */
  readonly #heads = new Map<number, Buffer>();
  /** Heads and bodies that leave together at the end of this turn. */
  #leaving: Uint8Array[] = [];
  readonly #waiting = new Fifo<PendingCall>();
  readonly #unanswered = new Fifo<PendingCall>();
  #socket: Socket | undefined;
  #connected = false;
  #closed: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerIsForAnswer = false;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    const { url, mediaType, streamId, credentials } = options;
    this.#head = [
      `POST ${SCHEDULER_PATH} HTTP/1.1`,
      `Host: ${new URL(url).host}`,
      `Content-Type: ${mediaType}`,
      `Accept: ${mediaType}`,
      `Mesos-Stream-Id: ${streamId}`,
      ...(credentials ? [`Authorization: ${authorizationHeader(credentials)}`] : []),
      'Content-Length: ',
    ].join('\r\n');
  }

  /** Leaves after all calls sent before it. Never rejects. */
  send(body: Uint8Array): Promise<CallAnswer> {
    if (this.#closed !== undefined) return Promise.resolve({ kind: 'not-sent', reason: this.#closed });
    return new Promise((settle) => {
      this.#waiting.push({ body, settle });
      this.#write();
    });
  }

  /** What was written is `unknown` from here on, what was not is `not-sent`. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#drop(reason);
  }

  #write(): void {
    if (this.#socket === undefined) return this.#connect();
    // One that is being closed takes nothing any more: what waits is written to the next one.
    if (!this.#connected || this.#socket.destroyed) return;
    while (this.#waiting.length > 0 && this.#unanswered.length < this.#options.maxUnanswered) {
      const call = this.#waiting.shift()!;
      this.#unanswered.push(call);
      if (this.#leaving.length === 0) this.#leaveAfterThisTurn(this.#socket);
      this.#leaving.push(this.#headOf(call.body.length), call.body);
      if (this.#unanswered.length === 1) this.#expectAnswer();
    }
  }

  #headOf(bodyLength: number): Buffer {
    let head = this.#heads.get(bodyLength);
    if (head === undefined) {
      if (this.#heads.size >= MAX_HEADS) this.#heads.clear();
      head = Buffer.from(`${this.#head}${bodyLength}\r\n\r\n`, 'latin1');
      this.#heads.set(bodyLength, head);
    }
    return head;
  }

  /** What is written before this turn's callbacks are through leaves in one piece: one system call for hundreds of acknowledgements. */
  #leaveAfterThisTurn(socket: Socket): void {
    process.nextTick(() => {
      const leaving = this.#leaving;
      this.#leaving = [];
      socket.write(Buffer.concat(leaving));
    });
  }

  #connect(): void {
    const { protocol, hostname, port } = new URL(this.#options.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const isTls = protocol === 'https:';
    const address = { host, port: Number(port || (isTls ? 443 : 80)) };
    const socket = isTls
      ? connectTls({ ...address, ...this.#options.tls, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] })
      : connectTcp(address);
    const responses = new ResponseReader();
    let reason = 'the master closed the connection for calls';
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      this.#clearTimer();
      this.#connected = true;
      this.#write();
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const response of responses.read(chunk)) if (socket === this.#socket) this.#answer(response);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined);
      }
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      if (socket === this.#socket) this.#broken(reason);
    });
    this.#timeout(`no connection within ${this.#options.timeoutMs / 1000} s`);
  }

  #timeout(reason: string, ms = this.#options.timeoutMs): void {
    this.#clearTimer();
    this.#timer = setTimeout(() => this.#socket?.destroy(new Error(reason)), ms);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timerIsForAnswer = false;
  }

  #expectAnswer(): void {
    if (this.#timerIsForAnswer) {
      this.#timer?.refresh();
      return;
    }
    this.#timeout(`no answer to a call within ${this.#options.timeoutMs / 1000} s`);
    this.#timerIsForAnswer = true;
  }

  #answer({ status, headers, body }: HttpResponse): void {
    const call = this.#unanswered.shift();
    if (call === undefined) {
      this.#socket?.destroy(new Error('the master answered what nobody asked'));
      return;
    }
    call.settle({ kind: 'answered', status, text: body.trim() });
    if (headers.get('connection')?.toLowerCase() === 'close') {
      this.#socket?.destroy(new Error('the master closes the connection for calls'));
    } else if (this.#unanswered.length > 0) {
      this.#expectAnswer();
      this.#write();
    } else {
      this.#clearTimer();
      this.#write();
      if (this.#unanswered.length === 0) this.#restUntilServerCloses(headers.get('keep-alive'));
    }
  }

  /** Servers that close idle connections say when; being earlier avoids the race between their close and our next call. */
  #restUntilServerCloses(keepAlive: string | undefined): void {
    const seconds = /timeout=(\d{1,6})/.exec(keepAlive ?? '')?.[1];
    if (seconds !== undefined) this.#timeout('idle', Math.max(0, Number(seconds) * 1000 - 1_000));
  }

  #broken(reason: string): void {
    const wasConnected = this.#connected;
    const lost = this.#unanswered.length;
    if (!wasConnected) return this.#drop(`no connection for calls: ${reason}`);
    if (lost > 0) {
      this.close(`the connection for calls broke: ${reason}`);
      this.#options.onBroken(reason);
      return;
    }
    // Idle: everything was answered, so nothing can be overtaken on a new connection.
    this.#forgetSocket();
    if (this.#waiting.length > 0) this.#write();
  }

  #drop(reason: string): void {
    this.#forgetSocket();
    const unanswered = this.#unanswered.takeAll();
    const waiting = this.#waiting.takeAll();
    for (const { settle } of unanswered) settle({ kind: 'unknown', reason });
    for (const { settle } of waiting) settle({ kind: 'not-sent', reason });
  }

  #forgetSocket(): void {
    this.#clearTimer();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#connected = false;
    socket?.destroy();
  }
}
