// The protobuf wire format, read (https://protobuf.dev/programming-guides/encoding/).
import { unknownFields, type MayHaveUnknownFields } from './unknown-fields.js';

/** Bytes that are not the wire format, or a message without a field that it must have. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** ContainerID nests itself; nobody nests it this deep. */
const MAX_DEPTH = 64;
const HIGH = 2 ** 32;

/** Names by value; the first of two names of one value counts, as in protobuf. */
export const namesOf = (values: Readonly<Record<string, number>>): readonly (string | undefined)[] => {
  const names: (string | undefined)[] = [];
  for (const [name, value] of Object.entries(values)) names[value] ??= name;
  return names;
};

/** Strings of up to so many bytes are looked up before they are made: an offer repeats names, roles and ids of the last one. */
const CACHED_BYTES = 48;
const CACHE_SLOTS = 1024;
/** In less there is hardly anything twice, and it does not pay to make the table. */
const WORTH_CACHING_BYTES = 2048;

/** `before`, which an earlier call made, and `more`; room is doubled, so that a million unknown fields are not copied a million times. */
const appended = (before: Uint8Array | undefined, more: Uint8Array): Uint8Array => {
  const length = before?.length ?? 0;
  const room = before !== undefined && length + more.length <= before.buffer.byteLength ? before.buffer : undefined;
  const grown = new Uint8Array(
    room ?? new ArrayBuffer(before === undefined ? more.length : 2 * (length + more.length)),
    0,
    length + more.length,
  );
  if (before !== undefined && room === undefined) grown.set(before);
  grown.set(more, length);
  return grown;
};

export class WireReader {
  position = 0;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private readonly cachedStart: Int32Array | undefined;
  private readonly cached: (string | undefined)[] = [];

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length >= WORTH_CACHING_BYTES) this.cachedStart = new Int32Array(CACHE_SLOTS);
  }

  descend(depth: number): void {
    if (depth > MAX_DEPTH) throw new WireError(`nested deeper than ${MAX_DEPTH} messages`);
  }

  missing(field: string): never {
    throw new WireError(`${field}: required and missing`);
  }

  /** A field may not reach beyond its message. */
  endOf(end: number): void {
    if (this.position !== end) throw new WireError(`a field reaches beyond its message, which ends at byte ${end}`);
  }

  /** Reads a length. @returns the end of what follows */
  sub(end: number): number {
    const length = this.uint32();
    const stop = this.position + length;
    if (stop > end) throw new WireError(`${length} bytes announced at byte ${this.position}, where ${end - this.position} are left`);
    return stop;
  }

  uint32(): number {
    const { buffer } = this;
    let byte = buffer[this.position++] ?? this.truncated();
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = buffer[this.position++] ?? this.truncated();
      if (shift < 28) value |= (byte & 0x7f) << shift;
      else if (shift === 28) value = (value | ((byte & 0x0f) << 28)) >>> 0;
      // Ten bytes at most; what is above 32 bits is dropped.
      else if (shift > 63) throw new WireError(`a number of more than 10 bytes at byte ${this.position}`);
    }
    return value;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** Whether a varint is 0, whatever its length. */
  bool(): boolean {
    return this.uint64() !== 0;
  }

  uint64(): number {
    return this.varint64(false);
  }

  int64(): number {
    return this.varint64(true);
  }

  double(): number {
    const at = this.advance(8);
    return this.view.getFloat64(at, true);
  }

  float(): number {
    const at = this.advance(4);
    return this.view.getFloat32(at, true);
  }

  /** Its name, or its number when it has none here. */
  enum(names: readonly (string | undefined)[]): string {
    const value = this.int32();
    return names[value] ?? (value as unknown as string);
  }

  bytes(end: number): string {
    const stop = this.sub(end);
    const text = this.buffer.toString('base64', this.position, stop);
    this.position = stop;
    return text;
  }

  string(end: number): string {
    const stop = this.sub(end);
    const start = this.position;
    this.position = stop;
    const length = stop - start;
    if (length === 0) return '';
    const { cachedStart } = this;
    if (length > CACHED_BYTES || cachedStart === undefined) return this.buffer.toString('utf8', start, stop);
    const slot = this.slotOf(start, length);
    const candidate = this.cached[slot];
    if (candidate !== undefined && this.isSame(cachedStart[slot] ?? 0, start, length)) return candidate;
    const text = this.buffer.toString('utf8', start, stop);
    this.cached[slot] = text;
    // The length is part of the comparison: it is the byte before the first of the string.
    cachedStart[slot] = start;
    return text;
  }

  /** One entry of a map: a message of key (1) and value (2), `absent` being the value that need not be written. */
  entry<T>(map: Record<string, T>, end: number, value: (end: number) => T, absent?: T): void {
    const stop = this.sub(end);
    let key = '';
    let found = absent;
    while (this.position < stop) {
      const tag = this.uint32();
      if (tag === 10) key = this.string(stop);
      else if (tag >>> 3 === 2) found = value(stop);
      else this.skip(tag, stop);
    }
    this.endOf(stop);
    if (found !== undefined && key !== '__proto__') map[key] = found;
  }

  /** Takes a field that the message's type does not know into what it keeps unread. */
  keepUnknown(message: object, start: number, tag: number, end: number): void {
    this.skip(tag, end);
    const holder = message as MayHaveUnknownFields;
    const before = holder[unknownFields];
    holder[unknownFields] = appended(before instanceof Uint8Array ? before : undefined, this.buffer.subarray(start, this.position));
  }

  private skip(tag: number, end: number): void {
    switch (tag & 7) {
      case 0:
        this.uint64();
        break;
      case 1:
        this.advance(8);
        break;
      case 2:
        this.position = this.sub(end);
        break;
      case 5:
        this.advance(4);
        break;
      default:
        throw new WireError(`field ${tag >>> 3} at byte ${this.position} has wire type ${tag & 7}, which Mesos does not use`);
    }
    if (tag >>> 3 === 0) throw new WireError(`field number 0 at byte ${this.position}`);
    if (this.position > end) this.endOf(end);
  }

  private varint64(signed: boolean): number {
    const { buffer } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = buffer[this.position++] ?? this.truncated();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= (bits & 0x0f) << 28;
        high |= bits >>> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      else throw new WireError(`a number of more than 10 bytes at byte ${this.position}`);
      if (byte < 0x80) break;
    }
    return this.combine(low >>> 0, signed ? high | 0 : high >>> 0);
  }

  private combine(low: number, high: number): number {
    const value = high * HIGH + low;
    if (Number.isSafeInteger(value)) return value;
    // Exact as a decimal string, which is what Mesos's JSON takes for a number as well.
    return String((BigInt(high) << 32n) + BigInt(low)) as unknown as number;
  }

  private advance(bytes: number): number {
    const at = this.position;
    if (at + bytes > this.buffer.length) this.truncated();
    this.position = at + bytes;
    return at;
  }

  private truncated(): never {
    throw new WireError(`the message ends at byte ${this.buffer.length} in the middle of a field`);
  }

  private slotOf(start: number, length: number): number {
    const { buffer } = this;
    let hash = length;
    for (let at = start; at < start + length; at++) hash = (Math.imul(hash, 31) + buffer[at]!) | 0;
    return hash & (CACHE_SLOTS - 1);
  }

  /** Up to CACHED_BYTES the length is one byte, the one before the string. */
  private isSame(left: number, right: number, length: number): boolean {
    const { buffer } = this;
    for (let offset = -1; offset < length; offset++) if (buffer[left + offset] !== buffer[right + offset]) return false;
    return true;
  }
}
