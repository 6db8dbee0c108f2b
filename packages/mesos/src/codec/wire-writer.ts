// The protobuf wire format, written. What is written was checked before (message-form.ts).
import { unknownFields, type MayHaveUnknownFields } from './unknown-fields.js';
import { WireError } from './wire-reader.js';

const MAX_VARINT = 10;
const HIGH = 2 ** 32;
/** Longer texts are faster written by Node. */
const SHORT_TEXT = 64;

/** Messages are written here one after the other, and copied from here: memory for each is allocated once, as large as it is. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);
const MAX_SCRATCH = 1024 * 1024;

/** Writes one message in one go: `finish` comes before another writer is made. */
export class WireWriter {
  private buffer = scratch;
  private position = 0;
  private tagAt = 0;

  finish(): Uint8Array {
    return Buffer.from(this.buffer.subarray(0, this.position));
  }

  tag(tag: number): this {
    this.tagAt = this.position;
    return this.uint32(tag);
  }

  /** Begins a message within this one. @returns what `close` wants to have */
  open(tag: number): number {
    this.uint32(tag);
    this.room(1);
    this.position += 1;
    return this.position;
  }

  /** Ends it: its length is known now, and mostly fits the one byte that was left for it. */
  close(start: number): void {
    const length = this.position - start;
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra += 1;
    if (extra > 0) {
      this.room(extra);
      this.buffer.copyWithin(start + extra, start, this.position);
    }
    this.position = start - 1;
    this.uint32(length);
    this.position += length;
  }

  uint32(value: number): this {
    this.room(MAX_VARINT);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position++] = rest;
    return this;
  }

  int32(value: number): this {
    return value < 0 ? this.varint64(BigInt(value)) : this.uint32(value);
  }

  uint64(value: number | string): this {
    if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return this.varint64(BigInt(value));
    if (value < HIGH) return this.uint32(value);
    this.room(MAX_VARINT);
    let rest = Math.floor(value);
    for (; rest >= HIGH; rest = Math.floor(rest / 0x80)) this.buffer[this.position++] = (rest & 0x7f) | 0x80;
    return this.uint32(rest);
  }

  int64(value: number | string): this {
    return this.uint64(value);
  }

  bool(value: boolean): this {
    return this.uint32(value ? 1 : 0);
  }

  double(value: number): this {
    this.room(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
    return this;
  }

  float(value: number): this {
    this.room(4);
    this.position = this.buffer.writeFloatLE(value, this.position);
    return this;
  }

  /** A name that only a newer Mesos knows, kept from its JSON, has no number: the field is left out, its tag taken back. */
  enum(value: string | number, values: Readonly<Record<string, number>>): this {
    const number = typeof value === 'number' ? value : values[value];
    if (number !== undefined) return this.int32(number);
    this.position = this.tagAt;
    return this;
  }

  /** @throws WireError when it has no number: a reader would refuse the message without it */
  requiredEnum(value: string | number, values: Readonly<Record<string, number>>, field: string): this {
    const number = typeof value === 'number' ? value : values[value];
    if (number === undefined) throw new WireError(`${field}: ${JSON.stringify(value)} is no name that has a number here`);
    return this.int32(number);
  }

  missing(field: string): never {
    throw new WireError(`${field}: required and missing`);
  }

  string(text: string): this {
    if (text.length < SHORT_TEXT && this.ascii(text)) return this;
    const length = Buffer.byteLength(text, 'utf8');
    this.uint32(length).room(length);
    this.position += this.buffer.write(text, this.position, 'utf8');
    return this;
  }

  bytes(base64: string): this {
    const bytes = Buffer.from(base64, 'base64');
    return this.uint32(bytes.length).raw(bytes);
  }

  /** What the message brought along from an earlier decoding. */
  unknown(message: object): void {
    const kept = (message as MayHaveUnknownFields)[unknownFields];
    if (kept instanceof Uint8Array) this.raw(kept);
  }

  /** False, with nothing written, when it is not ASCII. */
  private ascii(text: string): boolean {
    const { length } = text;
    this.room(1 + length);
    const { buffer } = this;
    const start = this.position + 1;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      buffer[start + at] = code;
    }
    buffer[this.position] = length;
    this.position = start + length;
    return true;
  }

  private raw(bytes: Uint8Array): this {
    this.room(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
    return this;
  }

  private varint64(value: bigint): this {
    this.room(MAX_VARINT);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.buffer[this.position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.position++] = Number(rest);
    return this;
  }

  private room(bytes: number): void {
    const needed = this.position + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
    if (grown.length <= MAX_SCRATCH) scratch = grown;
  }
}
