/** Bytes that are not RecordIO, or a record above the limit. What follows in the stream cannot be made sense of. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

export const defaultRecordLimitBytes = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
/** A 64-bit length has at most 20 digits. */
const MAX_DIGITS = 20;
const FIRST_ALLOCATION = 64 * 1024;

/** One record as Mesos writes it: the length of the body in bytes, decimal, a newline, the body (docs/recordio.md). */
export const encodeRecord = (body: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${body.length}\n`, 'latin1'), body]);

/**
 * Cuts a stream of bytes into records, however the transport has cut it into chunks (docs/recordio.md).
 *
 * A record that lies within one chunk is a view on that chunk; only one that spans chunks is copied, once.
 * Empty lines between records are skipped.
 */
export class RecordReader {
  #digits = '';
  /** Length of the record under way, undefined while its length is being read. */
  #length: number | undefined;
  #partial: Buffer = Buffer.alloc(0);
  #filled = 0;
  #failure: RecordError | undefined;

  /** @param limitBytes largest record accepted */
  constructor(readonly limitBytes: number = defaultRecordLimitBytes) {}

  /** Whether the stream may end here: between two records. */
  get isBetweenRecords(): boolean {
    return this.#length === undefined && this.#digits === '';
  }

  /**
   * The records that `chunk` completes, in order. They may share memory with `chunk`.
   * An error in the middle of a chunk takes nothing from the records before it: it is thrown when they have been read.
   * @throws RecordError now and on every later call
   */
  *read(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    if (this.#failure) throw this.#failure;
    let at = 0;
    while (at < chunk.length) {
      if (this.#length === undefined) {
        at = this.#readLength(chunk, at);
        // A record of no bytes is complete with its length.
        if (this.#length !== 0) continue;
        this.#length = undefined;
        yield new Uint8Array(0);
        continue;
      }
      const end = Math.min(chunk.length, at + this.#length - this.#filled);
      const record = this.#take(chunk.subarray(at, end), this.#length);
      at = end;
      if (record) yield record;
    }
  }

  /** Reads digits up to the newline; returns where to go on. */
  #readLength(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === NEWLINE) {
        if (this.#digits === '') continue;
        this.#length = this.#checkedLength();
        this.#digits = '';
        return at + 1;
      }
      if (byte < ZERO || byte > NINE)
        throw this.#fail(`byte 0x${byte.toString(16).padStart(2, '0')} where a record's length in decimal digits was expected`);
      this.#digits += String.fromCharCode(byte);
      if (this.#digits.length > MAX_DIGITS) throw this.#fail(`a record length of more than ${MAX_DIGITS} digits`);
    }
    return chunk.length;
  }

  #checkedLength(): number {
    const length = Number(this.#digits);
    if (length > this.limitBytes)
      throw this.#fail(
        `a record of ${this.#digits} bytes is above the limit of ${this.limitBytes} bytes; raise the record limit to accept it`,
      );
    return length;
  }

  /** Adds a piece of the record under way, and returns the record once it is whole. */
  #take(piece: Uint8Array, length: number): Uint8Array | undefined {
    if (this.#filled === 0 && piece.length === length) {
      this.#length = undefined;
      return piece;
    }
    this.#makeRoom(piece.length, length);
    this.#partial.set(piece, this.#filled);
    this.#filled += piece.length;
    if (this.#filled < length) return undefined;
    const record = this.#partial.subarray(0, length);
    this.#partial = Buffer.alloc(0);
    this.#filled = 0;
    this.#length = undefined;
    return record;
  }

  /** Grows by doubling: a peer that only claims a long record does not get its memory, and copying stays linear. */
  #makeRoom(more: number, length: number): void {
    const needed = this.#filled + more;
    if (needed <= this.#partial.length) return;
    const grown = Buffer.allocUnsafe(Math.min(length, Math.max(needed, 2 * this.#partial.length, FIRST_ALLOCATION)));
    grown.set(this.#partial.subarray(0, this.#filled));
    this.#partial = grown;
  }

  #fail(what: string): RecordError {
    this.#failure = new RecordError(`not a RecordIO stream: ${what}`);
    return this.#failure;
  }
}
