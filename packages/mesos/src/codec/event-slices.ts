import { WireError, WireReader } from './wire-reader.js';

// Field numbers of mesos/v1/scheduler/scheduler.proto, as tags: number << 3 | wire type.
const EVENT_TYPE = (1 << 3) | 0;
const EVENT_OFFERS = (3 << 3) | 2;
const OFFERS_OFFER = (1 << 3) | 2;

/** Smaller events are decoded in one go: that takes less than a millisecond. */
const SLICE_BYTES = 32 * 1024;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the offers lie in an event that holds nothing else; undefined for any other event. */
const offersIn = (event: Uint8Array): { readonly type: Span; readonly offers: readonly Span[] } | undefined => {
  const reader = new WireReader(event);
  let type: Span | undefined;
  let offers: Span[] | undefined;
  while (reader.position < event.length) {
    const start = reader.position;
    const tag = reader.uint32();
    if (tag === EVENT_TYPE && type === undefined) {
      reader.uint32();
      type = { start, end: reader.position };
    } else if (tag === EVENT_OFFERS && offers === undefined) {
      offers = [];
      const end = reader.sub(event.length);
      while (reader.position < end) {
        const offer = reader.position;
        if (reader.uint32() !== OFFERS_OFFER) return undefined;
        reader.position = reader.sub(end);
        offers.push({ start: offer, end: reader.position });
      }
    } else return undefined;
  }
  return type === undefined || offers === undefined ? undefined : { type, offers };
};

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);

/**
 * One OFFERS event of thousands of offers as several of a few, in order: they say the same, and nobody has to decode them all
 * in one turn. Any other event is its only slice, and so are bytes that make no sense: whoever decodes them says why.
 */
export const eventSlices = (event: Uint8Array): readonly Uint8Array[] => {
  if (event.length <= SLICE_BYTES) return [event];
  let found: ReturnType<typeof offersIn>;
  try {
    found = offersIn(event);
  } catch (error) {
    if (error instanceof WireError) return [event];
    throw error;
  }
  if (found === undefined || found.offers.length === 0) return [event];
  const type = event.subarray(found.type.start, found.type.end);
  const slices: Uint8Array[] = [];
  let first = found.offers[0];
  for (const [index, offer] of found.offers.entries()) {
    const next = found.offers[index + 1];
    if (first === undefined || (next !== undefined && next.end - first.start <= SLICE_BYTES)) continue;
    const offers = event.subarray(first.start, offer.end);
    slices.push(Buffer.concat([type, Uint8Array.from([EVENT_OFFERS, ...varint(offers.length)]), offers]));
    first = next;
  }
  return slices;
};
