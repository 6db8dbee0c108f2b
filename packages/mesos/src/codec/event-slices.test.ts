import { describe, expect, it } from 'vitest';
import type { Event } from '../generated/protocol.js';
import { codecOf } from './codec-of.js';
import { eventSlices } from './event-slices.js';

const codec = codecOf('protobuf');
const id = (value: string) => ({ value });
const offer = (n: number) => ({ id: id(`o${n}`), framework_id: id('f'), agent_id: id(`agent-${n}`), hostname: 'h'.repeat(n % 200) });
const offersOf = (count: number): Event => ({ type: 'OFFERS', offers: { offers: Array.from({ length: count }, (_, n) => offer(n)) } });
const decoded = (slices: readonly Uint8Array[]) => slices.map((slice) => codec.decodeEvent(slice));

describe('slices of an event', () => {
  it.each([1_000, 3_001])('of %s offers are events with all of them in order, each of a bounded size', (count) => {
    const event = offersOf(count);
    const slices = eventSlices(codec.encodeEvent(event));
    expect(slices.length).toBeGreaterThan(1);
    for (const slice of slices) expect(slice.length).toBeLessThan(33 * 1024);
    expect(decoded(slices).map(({ type }) => type)).toEqual(slices.map(() => 'OFFERS'));
    expect(decoded(slices).flatMap(({ offers }) => offers?.offers)).toEqual(event.offers?.offers);
  });

  it('one offer alone may be larger than a slice', () => {
    const large = { ...offer(1), hostname: 'h'.repeat(100_000) };
    const event: Event = { type: 'OFFERS', offers: { offers: [offer(0), large, offer(2)] } };
    expect(decoded(eventSlices(codec.encodeEvent(event))).flatMap(({ offers }) => offers?.offers)).toEqual(event.offers?.offers);
  });

  it('are the event itself when it is small, of another kind, holds what this version does not know, or is no event', () => {
    const unknownField = Buffer.concat([codec.encodeEvent(offersOf(3_000)), Uint8Array.from([0xf8, 0x01, 0x01])]);
    const status = { task_id: id('t'), state: 'TASK_RUNNING' as const, message: 'm'.repeat(100_000) };
    for (const bytes of [
      codec.encodeEvent(offersOf(3)),
      codec.encodeEvent({ type: 'UPDATE', update: { status } }),
      unknownField,
      codec.encodeEvent(offersOf(3_000)).subarray(0, 100_000),
      Buffer.alloc(100_000, 0xff),
    ])
      expect(eventSlices(bytes)).toEqual([bytes]);
  });
});
