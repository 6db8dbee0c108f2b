import { describe, expect, it } from 'vitest';
import { codecOf } from './codec/codec-of.js';
import { RecordReader } from './record-io.js';
import { leavesOfJson, leavesOfText } from './testing/leaves.js';
import {
  asRecorded,
  encodingOf,
  linesOf,
  protocBytes,
  protocTexts,
  recordedFolders,
  recordedStreams,
  recordsIn,
  streamBytes,
} from './testing/recordings.js';

const json = codecOf('json');
const pb = codecOf('protobuf');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const readAll = (...chunks: Uint8Array[]) => {
  const reader = new RecordReader();
  const records = chunks.flatMap((chunk) => [...reader.read(chunk)].map(hex));
  expect(reader.isBetweenRecords).toBe(true);
  return records;
};

/** JSON.parse would round what is above 2^53; as strings it stays. */
const exactly = (text: string): unknown => JSON.parse(text.replace(/("nanoseconds":)(\d{16,})/g, '$1"$2"'));
const parsed = (bytes: Uint8Array): unknown => exactly(Buffer.from(bytes).toString('utf8'));

describe.each(recordedStreams)('recording $folder, stream $stream', ({ folder, stream }) => {
  const bytes = streamBytes(folder, stream);
  const records = recordsIn(bytes);
  const codec = codecOf(encodingOf(folder));

  it('gives the same records wherever it is cut, and byte by byte', () => {
    const expected = records.map(hex);
    expect(readAll(...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(expected);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const read = readAll(bytes.subarray(0, cut), bytes.subarray(cut));
      if (read.join() !== expected.join()) expect(read, `cut at ${cut}`).toEqual(expected);
    }
  });

  it('is read as what the recorder decoded', () => {
    const expected = linesOf(folder).filter((line) => line.kind === 'event' && line.stream === stream);
    expect(records.map((record) => asRecorded(codec.decodeEvent(record)))).toEqual(expected.map(({ event }) => asRecorded(event)));
  });

  it('is written as it came, and in the other encoding as protoc has it', () => {
    const events = records.map((record) => codec.decodeEvent(record));
    if (encodingOf(folder) === 'json') {
      expect(events).toEqual(records.map(parsed));
      expect(events.map((event) => parsed(json.encodeEvent(event)))).toEqual(records.map(parsed));
      expect(events.map((event) => hex(pb.encodeEvent(event)))).toEqual(protocBytes(folder, `stream-${stream}`));
    } else {
      const expected = protocTexts(folder, stream).map(leavesOfText);
      expect(events.map((event) => leavesOfJson(event))).toEqual(expected);
      expect(events.map((event) => leavesOfJson(parsed(json.encodeEvent(event))))).toEqual(expected);
      expect(events.map((event) => hex(pb.encodeEvent(event)))).toEqual(records.map(hex));
    }
  });
});

describe.each(recordedFolders)('recorded calls of %s', (folder) => {
  const lines = linesOf(folder);
  const references = protocBytes(folder, 'calls');
  const recorded = lines.flatMap(({ request }) => (request?.call === undefined ? [] : [request.call]));
  const complete = recorded.flatMap((call, index) => {
    const reference = references[index];
    return reference === undefined ? [] : [{ call, reference }];
  });

  it('are written as protoc writes them, and as the JSON that they are', () => {
    expect(complete.length).toBeGreaterThan(0);
    expect(references.length).toBe(recorded.length);
    for (const { call, reference } of complete) {
      expect(hex(pb.encodeCall(call))).toBe(reference);
      expect(asRecorded(parsed(json.encodeCall(call)))).toEqual(asRecorded(call));
      expect(asRecorded(pb.decodeCall(Buffer.from(reference, 'hex')))).toEqual(asRecorded(call));
      expect(asRecorded(json.decodeCall(Buffer.from(JSON.stringify(call))))).toEqual(asRecorded(call));
    }
  });

  it('that miss a required field are refused before they are sent, by the name of the field', () => {
    const refused = recorded.filter((_, index) => references[index] === undefined);
    for (const call of refused) for (const codec of [json, pb]) expect(() => codec.encodeCall(call)).toThrow(/^call\.[\w.[\]]+: /);
  });
});

it('every recording is here, in both encodings where Mesos was asked in both', () => {
  expect(recordedStreams.length).toBeGreaterThanOrEqual(58);
  expect(recordedFolders.filter((name) => name.endsWith('.pb')).length).toBe(20);
});
