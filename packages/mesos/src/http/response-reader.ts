/** Bytes that are no HTTP/1.1 response, or one above the limits. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated one the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const MAX_HEAD_BYTES = 64 * 1024;
/** Answers to calls are a sentence at most; of a longer one the rest is read and forgotten. */
const MAX_KEPT_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

type Part =
  | { readonly kind: 'head' }
  /** `left` bytes of a body with Content-Length, or of a chunk. */
  | { readonly kind: 'bytes'; left: number; readonly chunked: boolean }
  | { readonly kind: 'chunk-size' }
  | { readonly kind: 'chunk-end' }
  | { readonly kind: 'trailer' };

/**
 * Reads the responses to requests that were written one after the other on one connection (RFC 9112).
 * Node's own client does not write a request before the one before it is answered.
 */
export class ResponseReader {
  #pending: Buffer = Buffer.alloc(0);
  #part: Part = { kind: 'head' };
  #status = 0;
  #headers: ReadonlyMap<string, string> = new Map();
  /** The bytes that status and headers were read from: the next response often begins with the same. */
  #headBytes: Buffer = Buffer.alloc(0);
  #kept: Buffer[] = [];
  #keptBytes = 0;

  /** The responses that `chunk` completes, in order. @throws ResponseError */
  *read(chunk: Buffer): Generator<HttpResponse, void, undefined> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const before = this.#pending.length;
      const part = this.#part;
      if (this.#advance()) {
        const body = this.#keptBytes === 0 ? '' : Buffer.concat(this.#kept).toString('utf8');
        yield { status: this.#status, headers: this.#headers, body };
        this.#kept = [];
        this.#keptBytes = 0;
      } else if (this.#pending.length === before && this.#part === part) return;
    }
  }

  /** Makes one move in what is pending; true when a response is whole. */
  #advance(): boolean {
    switch (this.#part.kind) {
      case 'head':
        return this.#head();
      case 'bytes':
        return this.#bytes(this.#part);
      case 'chunk-size': {
        const line = this.#line();
        if (line !== undefined) this.#chunkSize(line);
        return false;
      }
      case 'chunk-end':
        if (this.#line() !== undefined) this.#part = { kind: 'chunk-size' };
        return false;
      case 'trailer': {
        const done = this.#line() === '';
        if (done) this.#part = { kind: 'head' };
        return done;
      }
    }
  }

  #head(): boolean {
    const end = this.#pending.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#pending.length > MAX_HEAD_BYTES) throw new ResponseError(`the head of a response is above ${MAX_HEAD_BYTES} bytes`);
      return false;
    }
    const head = this.#pending.subarray(0, end);
    this.#pending = this.#pending.subarray(end + HEAD_END.length);
    if (!head.equals(this.#headBytes)) this.#readHead(head);
    return this.#expectBody();
  }

  #readHead(head: Buffer): void {
    const [statusLine = '', ...lines] = head.toString('latin1').split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
    if (status === undefined) throw new ResponseError(`not an HTTP response: ${JSON.stringify(statusLine.slice(0, 100))}`);
    this.#status = Number(status);
    this.#headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    // a copy: the chunk it lies in is let go of
    this.#headBytes = Buffer.from(head);
  }

  /** True when no body follows. */
  #expectBody(): boolean {
    // 1xx announces the response that follows.
    if (this.#status < 200) return false;
    if (this.#headers.get('transfer-encoding')?.toLowerCase().endsWith('chunked') === true) {
      this.#part = { kind: 'chunk-size' };
      return false;
    }
    if (this.#status === 204 || this.#status === 304) return true;
    const length = this.#headers.get('content-length');
    if (length === undefined || !/^\d{1,15}$/.test(length)) throw new ResponseError('a response says neither Content-Length nor chunked');
    if (length === '0') return true;
    this.#part = { kind: 'bytes', left: Number(length), chunked: false };
    return false;
  }

  #bytes(part: Part & { readonly kind: 'bytes' }): boolean {
    const piece = this.#pending.subarray(0, part.left);
    this.#pending = this.#pending.subarray(piece.length);
    part.left -= piece.length;
    const room = MAX_KEPT_BYTES - this.#keptBytes;
    if (room > 0 && piece.length > 0) {
      this.#kept.push(Buffer.from(piece.subarray(0, room)));
      this.#keptBytes += Math.min(room, piece.length);
    }
    if (part.left > 0) return false;
    this.#part = part.chunked ? { kind: 'chunk-end' } : { kind: 'head' };
    return !part.chunked;
  }

  #chunkSize(line: string): void {
    const digits = /^([0-9a-fA-F]{1,12})\s*(?:;.*)?$/.exec(line)?.[1];
    if (digits === undefined) throw new ResponseError('a chunk without a size');
    const size = Number.parseInt(digits, 16);
    this.#part = size === 0 ? { kind: 'trailer' } : { kind: 'bytes', left: size, chunked: true };
  }

  #line(): string | undefined {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0) {
      if (this.#pending.length > MAX_HEAD_BYTES) throw new ResponseError('an endless line in a chunked response');
      return undefined;
    }
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    return line;
  }
}
