import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../generated/protocol.js';
import { recordings } from '../testing/recording.js';
import { encodeEvent, encodeRecord } from './encode-event.js';
import { jsonBytes } from './json-bytes.js';
import { eventType } from './message-types.js';

/** The body of a refusal is a text, no records. */
const isStream = (file: string): boolean => file.endsWith('.recordio') && /^\d+\n/.test(readFileSync(join(recordings, file), 'latin1'));
const streams = readdirSync(recordings, { recursive: true, encoding: 'utf8' }).filter(isStream);

/** Bodies of the records; one that was cut off counts not. */
const recordsOf = (stream: Buffer): Buffer[] => {
  const records: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const line = stream.indexOf('\n', at);
    const length = Number(stream.subarray(at, line).toString());
    records.push(stream.subarray(line + 1, line + 1 + length));
    at = line + 1 + length;
  }
  return records;
};

const decode = (bytes: Buffer, file: string): Event =>
  (file.includes('.json/')
    ? JSON.parse(bytes.toString())
    : eventType.toObject(eventType.decode(bytes), { enums: String, longs: Number, bytes: String })) as Event;

/** RapidJSON does not always find the shortest digits of a double (Grisu2); JSON.parse rounds nanoseconds. Then it is the same number. */
const numbersAsRead = (text: string): string => text.replace(/\d+\.\d{6,}|\d{17,}/g, (digits) => String(Number(digits)));

describe('an event, encoded', () => {
  it.each(streams)('what Mesos sent, byte for byte: %s', (file) => {
    const stream = readFileSync(join(recordings, file));
    const mediaType = file.includes('.json/') ? 'application/json' : 'application/x-protobuf';
    const records = recordsOf(stream);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      const encoded = encodeEvent(decode(record, file), mediaType);
      if (mediaType === 'application/json') expect(numbersAsRead(encoded.toString())).toBe(numbersAsRead(record.toString()));
      else expect(encoded.equals(record), encoded.toString('hex')).toBe(true);
      expect(encodeRecord(encoded).toString()).toBe(`${encoded.length}\n${encoded.toString()}`);
    }
  });

  it.each([
    [4, '4.0'],
    [0.1, '0.1'],
    [1e21, '1e21'],
    [1e-7, '1e-7'],
  ])('the number %s is printed as %s', (value, text) => {
    const offers = [{ resources: [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value } }] }] as never;
    expect(encodeEvent({ type: 'OFFERS', offers: { offers } }, 'application/json').toString()).toContain(`{"value":${text}}`);
  });

  it.each(['plain', 'a "quote" \\ / \b\t\n', '\u0001\u001f\u007f', 'Grüße, 🚀', '', 'x'.repeat(200_000)])(
    'the text %j comes through',
    (message) => {
      for (const mediaType of ['application/json', 'application/x-protobuf'] as const) {
        const bytes = encodeEvent({ type: 'ERROR', error: { message } }, mediaType);
        expect(decode(bytes, mediaType === 'application/json' ? '.json/' : '')).toEqual({ type: 'ERROR', error: { message } });
      }
    },
  );

  it('escapes as RapidJSON does', () => {
    expect(jsonBytes(eventType, { error: { message: '\u001f' } }).toString()).toBe('{"error":{"message":"\\u001F"}}');
  });

  it('a message that nothing is set of is an object, a map is one, too', () => {
    expect(jsonBytes(eventType, {}).toString()).toBe('{}');
    const limits = { cpus: { value: 1 }, mem: { value: 2.5 } };
    const text = jsonBytes(eventType.root.lookupType('mesos.v1.TaskInfo'), { limits }).toString();
    expect(text).toBe('{"limits":{"cpus":{"value":1.0},"mem":{"value":2.5}}}');
  });

  it('one that fails does not spoil the next', () => {
    expect(() => jsonBytes(eventType, { error: { message: 7 } })).toThrow();
    expect(jsonBytes(eventType, { type: 'HEARTBEAT' }).toString()).toBe('{"type":"HEARTBEAT"}');
  });
});
