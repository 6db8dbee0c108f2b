// The recordings of a real Mesos (recordings/README.md), and what protoc makes of them (testdata/protoc/README.md).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../generated/protocol.js';
import type { Encoding } from '../scheduler-client-settings.js';

const recordings = join(import.meta.dirname, '../../../../recordings');
const protoc = join(import.meta.dirname, '../../testdata/protoc');

export const recordedFolders = readdirSync(recordings, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export const encodingOf = (folder: string): Encoding => (folder.endsWith('.json') ? 'json' : 'protobuf');

interface Line {
  readonly kind: string;
  readonly stream?: number;
  readonly event?: unknown;
  readonly request?: {
    readonly call?: Call;
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly bodyBase64?: string;
  };
  readonly response?: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
}

export const linesOf = (folder: string): Line[] =>
  readFileSync(join(recordings, folder, 'exchange.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

export const streamBytes = (folder: string, stream: number): Buffer => readFileSync(join(recordings, folder, `stream-${stream}.recordio`));

/** Those that were answered with 200; else the body is a sentence. */
export const recordedStreams = recordedFolders.flatMap((folder) =>
  linesOf(folder).flatMap(({ kind, response, stream }) =>
    kind === 'subscribe' && response?.status === 200 && stream !== undefined ? [{ folder, stream }] : [],
  ),
);

/** The bodies of a whole stream's records, found without the reader that is tested. */
export const recordsIn = (bytes: Buffer): Buffer[] => {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf('\n', at);
    const end = line + 1 + Number(bytes.toString('latin1', at, line));
    records.push(bytes.subarray(line + 1, end));
    at = end;
  }
  return records;
};

/** Texts of the records of a protobuf stream, as `protoc --decode` prints them. */
export const protocTexts = (folder: string, stream: number): string[] =>
  readFileSync(join(protoc, `${folder}.stream-${stream}.txt`), 'utf8').split('---\n');

/** Bytes of the records of a JSON stream, or of calls, as `protoc --encode` makes them; undefined for what is no message of that type. */
export const protocBytes = (folder: string, what: string): (string | undefined)[] => {
  const file = join(protoc, `${folder}.${what}.hex`);
  if (!existsSync(file)) throw new Error(`${file} is missing: make it (testdata/protoc/README.md)`);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => (line === '-' ? undefined : line));
};

/** Mesos's own fields and enum values that can be reached from Call and Event, one a line. */
export const mesosApi = (): string[] => readFileSync(join(protoc, 'scheduler-api.txt'), 'utf8').trim().split('\n');

/** The recorder's own decoding has rounded times, and lists that are empty, which no encoding tells from none. */
export const asRecorded = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asRecorded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !(Array.isArray(one) && one.length === 0))
      .map(([name, one]) => [name, name === 'nanoseconds' ? Number(one) : asRecorded(one)]),
  );
};
