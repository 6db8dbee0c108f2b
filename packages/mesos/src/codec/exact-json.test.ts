import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withExactIntegers } from './exact-json.js';

const spaced = fc.constantFrom('', ' ', '\n\t ');
const strings = fc.string({ unit: fc.constantFrom('"', '\\', ':', ',', '[', '-', ' ', '9007199254740993', '1e5', 'ü') });
const integers = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n });
const doubles = fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true });
const asText = (value: string | number | bigint): string => (typeof value === 'bigint' ? String(value) : JSON.stringify(value));
const asRead = (value: string | number | bigint): unknown =>
  typeof value !== 'bigint' ? JSON.parse(JSON.stringify(value)) : Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

it('integers above 2^53 become strings, and all else stays what JSON.parse makes of it', () => {
  const values = fc.array(fc.tuple(spaced, fc.oneof(strings, integers, doubles), spaced, strings));
  fc.assert(
    fc.property(values, (list) => {
      const text = `[${list.map(([before, value, after, key]) => `{${JSON.stringify(key)}:${before}${asText(value)}${after}}`).join(',')}]`;
      const expected = list.map(([, value, , key]) => ({ [key]: asRead(value) }));
      expect(withExactIntegers(text, JSON.parse(text))).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});
