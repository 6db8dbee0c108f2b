// Reads a recording of a real Mesos (recordings/README.md).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Event } from '../generated/protocol.js';
import type { Encoding } from './wire-client.js';

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type RecordedLine = { readonly ms: number } & (
  | {
      readonly kind: 'subscribe';
      readonly stream: number;
      readonly request: { readonly call: Partial<Call> };
      readonly response: RecordedAnswer;
    }
  | { readonly kind: 'event'; readonly stream: number; readonly event: Event }
  | {
      readonly kind: 'call';
      readonly request: { readonly headers: Readonly<Record<string, string>>; readonly call: Partial<Call> };
      readonly response: RecordedAnswer;
    }
  | {
      readonly kind: 'exchange';
      readonly what: string;
      readonly request: {
        readonly method: string;
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly bodyBase64: string;
      };
      readonly response: RecordedAnswer;
    }
  | { readonly kind: 'closed' | 'client-closes'; readonly stream: number }
  | { readonly kind: 'case'; readonly what: string }
);

export interface Recording {
  readonly name: string;
  readonly encoding: Encoding;
  readonly lines: readonly RecordedLine[];
}

export const recordings = join(import.meta.dirname, '../../../../recordings');

/** @param folder as `task-finished.json` or `task-finished.pb` */
export const readRecording = (folder: string): Recording => ({
  name: folder,
  encoding: folder.endsWith('.pb') ? 'pb' : 'json',
  lines: readFileSync(join(recordings, folder, 'exchange.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedLine),
});
