// The protobuf wire format, written. What is written was checked before (message-form.ts).
import { unknownFields, type MayHaveUnknownFields } from './unknown-fields.js';

const FIRST_SIZE = 1024;
const MAX_VARINT = 10;

export class WireWriter {
  private buffer = Buffer.allocUnsafe(FIRST_SIZE);
  private position = 0;
  private tagAt = 0;

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.position);
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
    return typeof value === 'number' && value >= 0 && value <= 0xffffffff ? this.uint32(value) : this.varint64(BigInt(value));
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

  string(text: string): this {
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
  }
}
