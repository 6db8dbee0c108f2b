import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codecOf } from './codec/codec-of.js';
import type { Call } from './generated/protocol.js';
import { RecordReader } from './record-io.js';

const recordings = join(import.meta.dirname, '../../../recordings');

interface Line {
  readonly kind: string;
  readonly stream: number;
  readonly event?: unknown;
  readonly request?: { readonly call?: Call };
  readonly response?: { readonly status: number };
}

/** `exchange.jsonl` has times as rounded numbers, and lists that are empty, which no encoding tells from none. */
const asRecorded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asRecorded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !(Array.isArray(one) && one.length === 0))
      .map(([name, one]) => [name, name === 'nanoseconds' ? Number(one) : asRecorded(one)]),
  );
};

const linesOf = (folder: string): Line[] =>
  readFileSync(join(recordings, folder, 'exchange.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

const folders = readdirSync(recordings).filter((name) => /^(?!zookeeper).*\.(json|pb)$/.test(name));
const codecFor = (folder: string) => codecOf(folder.endsWith('.json') ? 'json' : 'protobuf');

const streams = folders.flatMap((folder) =>
  linesOf(folder)
    .filter(({ kind, response }) => kind === 'subscribe' && response?.status === 200)
    .map(({ stream }) => ({ folder, stream })),
);

const hex = (records: Iterable<Uint8Array>) => Array.from(records, (record) => Buffer.from(record).toString('hex'));

describe.each(streams)('recording $folder, stream $stream', ({ folder, stream }) => {
  const bytes = readFileSync(join(recordings, folder, `stream-${stream}.recordio`));
  const byteByByte = () => {
    const reader = new RecordReader();
    return Array.from(bytes, (byte) => [...reader.read(Buffer.of(byte))]).flat();
  };

  it('is read byte by byte as what another implementation decoded', () => {
    const expected = linesOf(folder).filter((line) => line.kind === 'event' && line.stream === stream);
    const codec = codecFor(folder);
    expect(byteByByte().map((record) => asRecorded(codec.decodeEvent(record)))).toEqual(expected.map(({ event }) => asRecorded(event)));
  });

  it('gives the same records wherever it is cut', () => {
    const expected = hex(byteByByte());
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new RecordReader();
      const records = [...hex(reader.read(bytes.subarray(0, cut))), ...hex(reader.read(bytes.subarray(cut)))];
      if (records.join() !== expected.join()) expect(records, `cut at ${cut}`).toEqual(expected);
      if (!reader.isBetweenRecords) expect.fail(`cut at ${cut}: not at the end of a record`);
    }
  });

  it('is the same events again after being written and read in the other encoding', () => {
    const codec = codecFor(folder);
    const other = codecOf(folder.endsWith('.json') ? 'protobuf' : 'json');
    for (const record of byteByByte()) {
      const event = codec.decodeEvent(record);
      expect(other.decodeEvent(other.encodeEvent(event))).toEqual(event);
    }
  });
});

describe.each(folders)('recorded calls of %s', (folder) => {
  it('can be written and read back', () => {
    const codec = codecFor(folder);
    const calls = linesOf(folder).flatMap(({ request }) => (request?.call?.type === undefined ? [] : [request.call]));
    const complete = calls.filter(({ subscribe }) => subscribe === undefined || subscribe.framework_info.user !== undefined);
    expect(complete.length).toBeGreaterThan(0);
    for (const call of complete) expect(asRecorded(codec.decodeCall(codec.encodeCall(call)))).toEqual(asRecorded(call));
  });
});
