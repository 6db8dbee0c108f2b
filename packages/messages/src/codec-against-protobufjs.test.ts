import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope, type Envelope } from './index.js';
import { protocol } from './generated/protocol.js';

const root = protobuf.Root.fromJSON({ nested: protocol } as protobuf.INamespace).resolveAll();
const envelopeType = root.lookupType('streams_on_mesos.v1.Envelope');
/** Mesos's messages nest themselves (ContainerID); deeper than this they are left out. */
const DEPTH = 6;

const scalar = (type: string): fc.Arbitrary<unknown> => {
  switch (type) {
    case 'string':
      return fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ minLength: 120, maxLength: 200 }));
    case 'bytes':
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case 'bool':
      return fc.boolean();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'float':
      return fc.float({ noNaN: true, noDefaultInfinity: true });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case 'int64':
      return fc.maxSafeInteger();
    case 'uint64':
      return fc.maxSafeNat();
    default:
      throw new Error(`no values for ${type}`);
  }
};

const one = ({ resolvedType, type }: protobuf.Field, depth: number): fc.Arbitrary<unknown> => {
  if (resolvedType instanceof protobuf.Enum) return fc.constantFrom(...Object.keys(resolvedType.values));
  return resolvedType === null ? scalar(type) : message(resolvedType, depth - 1);
};

const ofField = (field: protobuf.Field, depth: number): fc.Arbitrary<unknown> => {
  const value = one(field, depth);
  if (field.map)
    return fc
      .uniqueArray(
        fc.string({ minLength: 1, maxLength: 4 }).filter((key) => key !== '__proto__'),
        { minLength: 1, maxLength: 2 },
      )
      .chain((keys) =>
        fc.tuple(...keys.map((key) => value.map((each) => [key, each] as const))).map((entries) => Object.fromEntries(entries)),
      );
  return field.repeated ? fc.array(value, { minLength: 1, maxLength: 2 }) : value;
};

const arbitraries = new Map<string, fc.Arbitrary<Record<string, unknown>>>();

/** Any message of the type: what is required, and a few of the other fields. */
const message = (type: protobuf.Type, depth: number): fc.Arbitrary<Record<string, unknown>> => {
  const key = `${type.fullName} ${depth}`;
  const known = arbitraries.get(key);
  if (known !== undefined) return known;
  const fields = type.fieldsArray.map((field) => field.resolve() as protobuf.Field);
  const required = fields.filter((field) => field.required);
  const others = fields.filter((field) => !field.required && (depth > 0 || field.resolvedType === null));
  const made = fc.subarray(others, { maxLength: Math.min(3, others.length) }).chain((chosen) => {
    const firstOfOneof = ({ partOf }: protobuf.Field, at: number): boolean =>
      partOf === null || chosen.findIndex((other) => other.partOf === partOf) === at;
    const set = [...required, ...chosen.filter(firstOfOneof)];
    return fc.record(Object.fromEntries(set.map((field) => [field.name, ofField(field, depth)])));
  });
  arbitraries.set(key, made);
  return made;
};

const bodies = envelopeType.oneofs['body']?.fieldsArray ?? [];
const envelope = fc.constantFrom(...bodies).chain((body) =>
  fc.record({
    id: fc.string(),
    sent_at_ms: fc.maxSafeNat(),
    trace_id: fc.string(),
    [body.name]: ofField(body.resolve() as protobuf.Field, DEPTH),
  }),
) as unknown as fc.Arbitrary<Envelope>;

describe('the codec of messages, against protobufjs', () => {
  it('writes the same bytes, and reads the same message, for anything the contract can hold', () => {
    fc.assert(
      fc.property(envelope, (sent) => {
        const bytes = encodeEnvelope(sent);
        const reference = envelopeType.decode(bytes);
        expect(envelopeType.verify(reference)).toBeNull();
        expect(bytes.equals(envelopeType.encode(envelopeType.fromObject(sent)).finish())).toBe(true);
        expect(decodeEnvelope(bytes)).toEqual(envelopeType.toObject(reference, { enums: String, longs: Number, bytes: String }));
      }),
      { numRuns: 500 },
    );
  });
});
