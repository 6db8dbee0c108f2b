import { FutureStateError } from '../domain/future-state-error.js';
import type { Change } from '../domain/model.js';

/** The newest format of journal entries and snapshots that this code reads, and the one it writes. */
export const FORMAT_VERSION = 1;

/** ZooKeeper's server cuts the connection at 1 MiB (`jute.maxbuffer`); the rest is left for paths and the request itself. */
export const NODE_LIMIT_BYTES = 900_000;

/** State is there but can't be read. */
export class CorruptStateError extends Error {
  override readonly name = 'CorruptStateError';
}

/** One node of the journal: a whole entry, or one piece of an entry that is too large for one node. */
export type EntryNode =
  | { readonly version: number; readonly term: number; readonly changes: readonly Change[] }
  | { readonly version: number; readonly term: number; readonly piece: number; readonly of: number; readonly base64: string };

/** The changes of one step as text, taken at once: the domain may change its objects in place afterwards. */
export interface SerialStep {
  readonly changes: readonly SerialChange[];
}

export interface SerialChange {
  /** the same for every change of one record */
  readonly record: string;
  readonly text: string;
  readonly removed: boolean;
}

export const serialise = (changes: readonly Change[]): SerialStep => ({
  changes: changes.map((change) => ({
    record: JSON.stringify([change.table, change.key]),
    text: JSON.stringify(change),
    removed: change.value === null,
  })),
});

const wholeNode = (term: number, changes: string): Buffer =>
  Buffer.from(`{"version":${FORMAT_VERSION},"term":${term},"changes":[${changes}]}`);

/** The nodes of one entry that fits no single node. Base64, so that a cut never falls into a character. */
const pieces = (term: number, changes: string, limitBytes: number): Buffer[] => {
  const whole = Buffer.from(`[${changes}]`);
  const sliceBytes = Math.max(3, Math.floor(((limitBytes - 100) * 3) / 4));
  const of = Math.ceil(whole.length / sliceBytes);
  return Array.from({ length: of }, (_, piece) => {
    const base64 = whole.subarray(piece * sliceBytes, (piece + 1) * sliceBytes).toString('base64');
    return Buffer.from(JSON.stringify({ version: FORMAT_VERSION, term, piece, of, base64 }));
  });
};

/** Changes that become durable together: of each record only what it is in the end. */
class Group {
  readonly #texts = new Map<string, string>();
  bytes = 0;

  /** @returns how much longer the group would be with these changes */
  growth(changes: readonly SerialChange[]): number {
    const after = new Map(changes.map(({ record, text }) => [record, text]));
    let bytes = 0;
    for (const [record, text] of after) bytes += sizeOf(text) - sizeOf(this.#texts.get(record));
    return bytes;
  }

  add(changes: readonly SerialChange[]): void {
    for (const { record, text } of changes) {
      const before = this.#texts.get(record);
      this.bytes += sizeOf(text) - sizeOf(before);
      this.#texts.set(record, text);
    }
  }

  get text(): string {
    return [...this.#texts.values()].join(',');
  }
}

/** With the comma after it. */
const sizeOf = (text: string | undefined): number => (text === undefined ? 0 : Buffer.byteLength(text) + 1);

/**
 * The nodes in which the changes of several steps become durable, each at most `limitBytes` long.
 * The changes of one step are never parted: a crash between two nodes keeps all of them or none. A record that several steps
 * of one node changed is written once: a large request of which many tasks die at once would fill the journal with itself.
 */
export const nodesOf = (term: number, steps: readonly SerialStep[], limitBytes = NODE_LIMIT_BYTES): Buffer[] => {
  const room = limitBytes - wholeNode(term, '').length;
  const nodes: Buffer[] = [];
  let group = new Group();
  const flush = (): void => {
    if (group.bytes > 0) nodes.push(wholeNode(term, group.text));
    group = new Group();
  };
  for (const { changes } of steps) {
    if (group.bytes + group.growth(changes) > room) flush();
    if (group.growth(changes) <= room) group.add(changes);
    else nodes.push(...pieces(term, changes.map(({ text }) => text).join(','), limitBytes));
  }
  flush();
  return nodes;
};

/** The first entry of a term: it has no changes, but the number it takes fences every earlier leader. */
export const openingNode = (term: number): Buffer => wholeNode(term, '');

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** @throws FutureStateError, CorruptStateError */
export const parseJson = (path: string, bytes: Buffer): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new CorruptStateError(`${path} is not JSON (${(cause as Error).message}): restore it, or remove the state and reconcile`, {
      cause,
    });
  }
  if (!isObject(value) || typeof value['version'] !== 'number') {
    throw new CorruptStateError(`${path} has no version: restore it, or remove the state and reconcile`);
  }
  if (value['version'] > FORMAT_VERSION) throw new FutureStateError(`${path} has format version`, value['version'], FORMAT_VERSION);
  return value;
};

/** @throws FutureStateError, CorruptStateError */
export const parseEntryNode = (path: string, bytes: Buffer): EntryNode => {
  const value = parseJson(path, bytes);
  const whole = Array.isArray(value['changes']);
  const piece = typeof value['base64'] === 'string' && typeof value['piece'] === 'number' && typeof value['of'] === 'number';
  if (typeof value['term'] !== 'number' || !(whole || piece)) {
    throw new CorruptStateError(`${path} is no journal entry: restore it, or remove the state and reconcile`);
  }
  return value as unknown as EntryNode;
};

/**
 * Puts nodes, in their order, back into changes. Pieces whose last one was never written are no entry: their writer
 * lost its leadership in the middle, and none of their effects had left.
 */
export function* changesOf(nodes: Iterable<EntryNode>): Generator<Change> {
  let held: { term: number; of: number; slices: string[] } | undefined;
  for (const node of nodes) {
    if ('changes' in node) {
      held = undefined;
      yield* node.changes;
      continue;
    }
    if (node.piece === 0) held = { term: node.term, of: node.of, slices: [] };
    if (held === undefined || held.term !== node.term || held.slices.length !== node.piece) {
      held = undefined;
      continue;
    }
    held.slices.push(node.base64);
    if (held.slices.length < held.of) continue;
    const whole = Buffer.concat(held.slices.map((slice) => Buffer.from(slice, 'base64')));
    held = undefined;
    yield* JSON.parse(whole.toString('utf8')) as Change[];
  }
}
