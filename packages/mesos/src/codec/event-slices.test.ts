import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, Offer } from '../generated/protocol.js';
import type { Codec } from './codec.js';
import { codecOf } from './codec-of.js';
import { SLICE_BYTES } from './slice-bytes.js';

const json = codecOf('json');
const protobuf = codecOf('protobuf');
const id = (value: string) => ({ value });
const offer = (n: number, hostname = 'h'.repeat(n % 200)): Offer => ({
  id: id(`o${n}`),
  framework_id: id('f'),
  agent_id: id(`agent-${n}`),
  hostname,
});
const offersOf = (count: number): Event => ({ type: 'OFFERS', offers: { offers: Array.from({ length: count }, (_, n) => offer(n)) } });
const slicesOf = (codec: Codec, bytes: Uint8Array): Uint8Array[] => [...codec.slicesOf(bytes)];
const offersIn = (codec: Codec, bytes: Uint8Array) => slicesOf(codec, bytes).flatMap((slice) => codec.decodeEvent(slice).offers?.offers);
const expectWhole = (codec: Codec, bytes: Uint8Array): void => {
  const slices = slicesOf(codec, bytes);
  expect(slices).toHaveLength(1);
  expect(slices[0]).toBe(bytes);
};
const text = (value: string) => Buffer.from(value, 'utf8');

describe.each(['protobuf', 'json'] as const)('slices of an event in %s', (encoding) => {
  const codec = codecOf(encoding);

  it.each([1_000, 3_001])('of %s offers are events with all of them in order, each of a bounded size', (count) => {
    const event = offersOf(count);
    const slices = slicesOf(codec, codec.encodeEvent(event));
    expect(slices.length).toBeGreaterThan(1);
    for (const slice of slices) expect(slice.length).toBeLessThan(SLICE_BYTES + 1024);
    expect(slices.map((slice) => codec.decodeEvent(slice).type)).toEqual(slices.map(() => 'OFFERS'));
    expect(offersIn(codec, codec.encodeEvent(event))).toEqual(event.offers?.offers);
  });

  it('are made one by one, when they are asked for', () => {
    const bytes = Buffer.from(codec.encodeEvent(offersOf(3_000)));
    const slices = codec.slicesOf(bytes)[Symbol.iterator]();
    slices.next();
    bytes.fill('x', bytes.length - 20, bytes.length - 10);
    const rest = [...{ [Symbol.iterator]: () => slices }];
    expect(Buffer.from(rest.at(-1)!).includes('x'.repeat(10))).toBe(true);
  });

  it('one offer alone may be larger than a slice', () => {
    const offers = [offer(0), offer(1, 'h'.repeat(100_000)), offer(2)];
    expect(offersIn(codec, codec.encodeEvent({ type: 'OFFERS', offers: { offers } }))).toEqual(offers);
  });

  it('are the event itself when it is small or of another kind', () => {
    const status = { task_id: id('t'), state: 'TASK_RUNNING' as const, message: 'm'.repeat(100_000) };
    for (const bytes of [codec.encodeEvent(offersOf(3)), codec.encodeEvent({ type: 'UPDATE', update: { status } })])
      expectWhole(codec, bytes);
  });
});

describe('slices of an event in protobuf', () => {
  it('are the event itself when it holds what this version does not know, or is no event', () => {
    const unknownField = Buffer.concat([protobuf.encodeEvent(offersOf(3_000)), Uint8Array.from([0xf8, 0x01, 0x01])]);
    for (const bytes of [unknownField, protobuf.encodeEvent(offersOf(3_000)).subarray(0, 100_000), Buffer.alloc(100_000, 0xff)])
      expectWhole(protobuf, bytes);
  });
});

describe('slices of an event in JSON', () => {
  it('are cut outside of strings and nested arrays, however the text is spaced', () => {
    const names = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 30 }), fc.constantFrom(undefined, '\t', 2), (hostnames, spaces) => {
        const offers = Array.from({ length: 1_200 }, (_, n): Offer => {
          const hostname = `${hostnames[n % hostnames.length]!}},{"\\"]}\\`;
          return { ...offer(n, hostname), attributes: [{ name: 'a', type: 'RANGES', ranges: { range: [{ begin: n, end: n + 1 }] } }] };
        });
        const bytes = text(JSON.stringify({ type: 'OFFERS', offers: { offers } }, undefined, spaces));
        expect(slicesOf(json, bytes).length).toBeGreaterThan(3);
        expect(offersIn(json, bytes)).toEqual(json.decodeEvent(bytes).offers?.offers);
      }),
      { numRuns: 20 },
    );
  });

  it('keep what follows the offers with the last ones', () => {
    const offers = offersOf(2_000).offers?.offers ?? [];
    const bytes = text(JSON.stringify({ type: 'OFFERS', offers: { offers, newer: [1] }, newest: { a: '}' } }));
    const events = slicesOf(json, bytes).map((slice) => json.decodeEvent(slice));
    expect(events.flatMap((event) => event.offers?.offers)).toEqual(offers);
    expect(events.slice(0, -1).every((event) => !('newest' in event))).toBe(true);
    expect(events.at(-1)).toMatchObject({ offers: { newer: [1] }, newest: { a: '}' } });
  });

  it.each([
    ['that ends too early', (whole: string) => whole.slice(0, -1_000)],
    ['with something else among the offers', (whole: string) => whole.replace('{"id":{"value":"o1500"}', '7,{"id":{"value":"o1500"}')],
    ['with a comma after the last offer', (whole: string) => whole.replace(/\]\}\}$/, ',]}}')],
    ['with a bracket that closes nothing', (whole: string) => whole.replace('"o1500"}', '"o1500"]')],
  ])('a text %s cannot be decoded in slices either', (_, spoil) => {
    const bytes = text(spoil(text(JSON.stringify(offersOf(2_000))).toString()));
    const before: unknown[] = [];
    expect(() => {
      for (const slice of json.slicesOf(bytes)) before.push(json.decodeEvent(slice));
    }).toThrow(/event/);
    expect(before.length).toBeGreaterThan(0);
  });
});
