import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, RecordError, RecordReader } from '../record-io.js';
import { encodingOf, recordedStreams, recordsIn, streamBytes } from '../testing/recordings.js';
import { codecOf } from './codec-of.js';
import { MessageError } from './message-form.js';

const json = codecOf('json');
const pb = codecOf('protobuf');
const MB = 1024 * 1024;

const recorded = (encoding: 'json' | 'protobuf') =>
  recordedStreams
    .filter(({ folder }) => encodingOf(folder) === encoding)
    .flatMap(({ folder, stream }) => recordsIn(streamBytes(folder, stream)));

/** A message, or an error that says where: nothing else may come of any bytes. */
const outcome = (decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): 'message' | 'refused' => {
  try {
    expect(typeof decode(bytes)).toBe('object');
    return 'message';
  } catch (error) {
    expect(error).toBeInstanceOf(MessageError);
    expect((error as Error).message).toMatch(/^(event|call)[.:]/);
    expect((error as Error).message.length).toBeLessThan(2_000);
    return 'refused';
  }
};

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const field = (id: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([...varint((id << 3) | 2), ...varint(content.length)]), content]);
const milliseconds = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

describe.each(['json', 'protobuf'] as const)('recorded events in %s, spoilt', (encoding) => {
  const codec = codecOf(encoding);
  const events = recorded(encoding);

  it('cut off anywhere are refused, or are what stood before the cut', () => {
    const event = events.reduce((longest, one) => (one.length > longest.length ? one : longest));
    for (let end = 0; end < event.length; end++) {
      const result = outcome(codec.decodeEvent, event.subarray(0, end));
      if (encoding === 'json') expect(result).toBe('refused');
    }
  });

  it('with bytes changed, taken out or put in are a message or refused', () => {
    const spoilt = fc
      .tuple(
        fc.constantFrom(...events),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.uint8Array({ maxLength: 6 })), { minLength: 1, maxLength: 4 }),
      )
      .map(([event, changes]) =>
        changes.reduce<Buffer>((bytes, [position, removed, added]) => {
          const at = position % (bytes.length + 1);
          return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
        }, event),
      );
    fc.assert(
      fc.property(spoilt, (bytes) => void outcome(codec.decodeEvent, bytes)),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(spoilt, (bytes) => void outcome(codec.decodeCall, bytes)),
      { numRuns: 500 },
    );
  });
});

describe('hostile protobuf', () => {
  it.each([
    ['a group', [0x0b, 0x0c], /wire type 3/],
    ['groups in groups', Array.from({ length: 10_000 }, () => 0x0b), /wire type 3/],
    ['wire type 7', [0x0f], /wire type 7/],
    ['field number 0', [0x00, 0x01], /field number 0/],
    ['a truncated tag', [0xff], /in the middle of a field/],
    ['a truncated number', [0x08, 0xff, 0xff], /in the middle of a field/],
    ['a number of 11 bytes', [0x08, ...Array.from({ length: 10 }, () => 0xff), 0x01], /more than 10 bytes/],
    ['an unknown number of 11 bytes', [0x78, ...Array.from({ length: 10 }, () => 0xff), 0x01], /more than 10 bytes/],
    ['a length past the end', [0x12, 0x05, 0x0a], /5 bytes announced at byte 2, where 1 are left/],
    ['a length of 4 GiB', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f], /4294967295 bytes announced/],
    ['an inner length past its message', [0x12, 0x02, 0x0a, 0x7f], /announced|beyond/],
    ['a fixed64 past the end', [0x79, 0x00], /in the middle of a field/],
    ['no framework id', [0x12, 0x00], /Event.Subscribed.framework_id: required and missing/],
  ])('%s is refused', (_what, bytes, message) => {
    expect(outcome(pb.decodeEvent, Buffer.from(bytes))).toBe('refused');
    expect(() => pb.decodeEvent(Buffer.from(bytes))).toThrow(message);
  });

  it('containers nested without end are refused, not followed', () => {
    let id = field(1, Buffer.from('c'));
    for (let depth = 0; depth < 5_000; depth++) id = Buffer.concat([field(1, Buffer.from('c')), field(2, id)]);
    const status = Buffer.concat([field(1, field(1, Buffer.from('t'))), Buffer.from([0x10, 0x01]), field(13, field(4, id))]);
    const event = Buffer.concat([Buffer.from([0x08, 0x04]), field(5, field(1, status))]);
    expect(() => pb.decodeEvent(event)).toThrow(/nested deeper than 64 messages/);
  });

  it('a million unknown fields cost no more each than one does, between known ones too', () => {
    const unknown = Buffer.from([0x78, 0x01]);
    const known = Buffer.from([0x08, 0x08]);
    const ofSize = (count: number) => Buffer.concat(Array.from({ length: count }, (_, n) => (n % 2 === 0 ? unknown : known)));
    const many = ofSize(1_000_000);
    const time = milliseconds(() => pb.decodeEvent(many));
    expect(time).toBeLessThan(5_000);
    const event = pb.decodeEvent(ofSize(1_001));
    expect(Buffer.from(pb.encodeEvent(event)).toString('hex')).toBe(`0808${'7801'.repeat(501)}`);
  });
});

describe('hostile JSON', () => {
  it.each([
    [
      'a container nested without end',
      `{"update":{"status":{"task_id":{"value":"t"},"state":"TASK_LOST","container_status":{"container_id":${'{"value":"c","parent":'.repeat(1_000)}{"value":"c"}${'}'.repeat(1_000)}}}}}`,
      /nested deeper than 64/,
    ],
    ['brackets without end', `{"type":${'['.repeat(100_000)}`, /not JSON/],
    ['a string without end, full of quotes, after a long number', `{"a":12345678901234567,"b":"${'\\"'.repeat(1_000_000)}`, /not JSON/],
    ['a number of many digits', `{"failure":{"status":${'9'.repeat(100_000)}}}`, /event.failure.status: a number of type int32 expected/],
    ['a lone surrogate half', '{"error":{"message":7,"x":"\\ud800"}}', /event.error.message/],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /not JSON/],
  ])('%s is refused soon', (_what, text, message) => {
    const bytes = Buffer.from(text as string);
    const time = milliseconds(() => expect(outcome(json.decodeEvent, bytes)).toBe('refused'));
    expect(time).toBeLessThan(5_000);
    expect(() => json.decodeEvent(bytes)).toThrow(message);
  });

  const message = (data: string) => `{"message":{"agent_id":{"value":"a"},"executor_id":{"value":"e"},"data":"${data}"}}`;
  it.each([
    ['base64 of many megabytes that is none at its end', message(`${'abcd'.repeat(10 * MB)}!`), /event.message.data: base64 expected/],
    [
      'a number of many digits in quotes',
      `{"failure":{"status":"${'9'.repeat(MB)}x"}}`,
      /event.failure.status: a number of type int32 expected/,
    ],
    ['brackets without end where a name should be', `{"type":${'['.repeat(MB)}${']'.repeat(MB)}}`, /event.type: .* expected, not an array/],
    ['a hundred thousand numbers above 2^53', `{"x":[${'12345678901234567,'.repeat(100_000)}1],"type":{}}`, /event.type/],
  ])('%s is refused soon', (_what, text, reason) => {
    const bytes = Buffer.from(text);
    const time = milliseconds(() => expect(() => json.decodeEvent(bytes)).toThrow(reason));
    expect(time).toBeLessThan(5_000);
    expect(outcome(json.decodeEvent, bytes)).toBe('refused');
  });

  it('base64 of many megabytes is read', () => {
    const data = 'abcd'.repeat(10 * MB);
    expect(json.decodeEvent(Buffer.from(message(data))).message?.data === data).toBe(true);
  });

  it('the name of a field is not repeated in full, however long', () => {
    const text = `{"subscribe":{"framework_info":{"user":"u","name":"n"},"offer_constraints":{"role_constraints":{"${'k'.repeat(MB)}":7}}}}`;
    expect(outcome(json.decodeCall, Buffer.from(text))).toBe('refused');
  });

  it('what is nested deeper than it can be written again is read, and writing it is refused', () => {
    const event = json.decodeEvent(Buffer.from(`{"novelty":${'['.repeat(MB)}${']'.repeat(MB)}}`));
    expect(() => json.encodeEvent(event)).toThrow(MessageError);
  });

  it('a long text beside a long number is read, and both stay what they are', () => {
    const message = '"\\\\'.repeat(2_000_000);
    const event = { type: 'ERROR', error: { message: JSON.parse(`"${message.replaceAll('"', '\\"')}"`) as string } };
    const bytes = Buffer.from(`{"novelty":12345678901234567,${JSON.stringify(event).slice(1)}`);
    expect(json.decodeEvent(bytes)).toMatchObject({ ...event, novelty: '12345678901234567' });
  });
});

describe('hostile RecordIO', () => {
  it('of 500 peers that announce 60 MB and send little, each gets little memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 500 }, () => new RecordReader());
    for (const reader of readers) for (const chunk of [`${60 * MB}\n`, 'a']) expect([...reader.read(Buffer.from(chunk))]).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MB);
    expect(readers.every((reader) => !reader.isBetweenRecords)).toBe(true);
  });

  it.each(['9'.repeat(20), '18446744073709551616', `${64 * MB + 1}`, '00000000000099999999'])(
    'refuses the length %s by itself',
    (digits) => {
      expect(() => [...new RecordReader().read(Buffer.from(`${digits}\n`))]).toThrow(RecordError);
      expect(() => [...new RecordReader().read(Buffer.from(`${digits}\n`))]).toThrow(/above the limit of 67108864 bytes/);
    },
  );

  it('reads millions of empty lines, and of empty records, without end or growth', () => {
    const reader = new RecordReader();
    expect([...reader.read(Buffer.alloc(4 * MB, '\n'))]).toEqual([]);
    let records = 0;
    for (const record of reader.read(Buffer.from('0\n'.repeat(MB)))) records += record.length === 0 ? 1 : 0;
    expect(records).toBe(MB);
  });

  it('records of any bytes, in any chunks, end in events or in errors that say what is wrong', () => {
    const chunks = fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ maxLength: 30 }).map(encodeRecord)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(chunks, (stream) => {
        const reader = new RecordReader(100);
        try {
          for (const chunk of stream)
            for (const record of reader.read(chunk)) for (const codec of [json, pb]) outcome(codec.decodeEvent, record);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
          expect((error as Error).message).toMatch(/^not a RecordIO stream: /);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
