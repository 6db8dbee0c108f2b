import { SLICE_BYTES } from './slice-bytes.js';
import { WireError, WireReader } from './wire-reader.js';

// Field numbers of mesos/v1/scheduler/scheduler.proto, as tags: number << 3 | wire type.
const EVENT_TYPE = (1 << 3) | 0;
const EVENT_OFFERS = (3 << 3) | 2;
const OFFERS_OFFER = (1 << 3) | 2;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the offers lie in an event that holds nothing else; undefined for any other event. */
const offersIn = (event: Uint8Array): { readonly type: Span; readonly offers: Span } | undefined => {
  const reader = new WireReader(event);
  let type: Span | undefined;
  let offers: Span | undefined;
  while (reader.position < event.length) {
    const start = reader.position;
    const tag = reader.uint32();
    if (tag === EVENT_TYPE && type === undefined) {
      reader.uint32();
      type = { start, end: reader.position };
    } else if (tag === EVENT_OFFERS && offers === undefined) {
      const end = reader.sub(event.length);
      offers = { start: reader.position, end };
      while (reader.position < end) {
        if (reader.uint32() !== OFFERS_OFFER) return undefined;
        reader.position = reader.sub(end);
      }
    } else return undefined;
  }
  return type === undefined || offers === undefined ? undefined : { type, offers };
};

const offersInOrder = (event: Uint8Array): ReturnType<typeof offersIn> => {
  try {
    return offersIn(event);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
};

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);

/**
 * One OFFERS event of thousands of offers as several of a few, in order: they say the same, and nobody has to decode them all
 * in one turn. Any other event is its only slice, and so are bytes that make no sense: whoever decodes them says why.
 */
export function* protobufSlices(event: Uint8Array): Generator<Uint8Array, void, undefined> {
  const found = event.length <= SLICE_BYTES ? undefined : offersInOrder(event);
  if (found === undefined || found.offers.start === found.offers.end) {
    yield event;
    return;
  }
  const { end } = found.offers;
  const type = event.subarray(found.type.start, found.type.end);
  const slice = (from: number, to: number): Uint8Array =>
    Buffer.concat([type, Uint8Array.from([EVENT_OFFERS, ...varint(to - from)]), event.subarray(from, to)]);
  const reader = new WireReader(event);
  let first = found.offers.start;
  for (let at = first; at < end; at = reader.position) {
    reader.position = at;
    reader.uint32();
    reader.position = reader.sub(end);
    if (at === first || reader.position - first <= SLICE_BYTES) continue;
    yield slice(first, at);
    first = at;
  }
  yield slice(first, end);
}
