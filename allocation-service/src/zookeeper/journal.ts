import type { Logger } from '@streams-on-mesos/service';
import type { Change } from '../domain/model.js';
import {
  changesOf,
  CorruptStateError,
  NODE_LIMIT_BYTES,
  nodesOf,
  openingNode,
  parseEntryNode,
  serialise,
  type SerialChange,
  type SerialStep,
} from './entry.js';
import { EntryWriter, JournalRefusedError } from './entry-writer.js';
import { readAll, removeAll, type Fence } from './fence.js';
import { readSnapshot, removeOldSnapshots, writeSnapshot } from './snapshot.js';

/** What metrics are made of. */
export interface JournalObserver {
  /** one group of steps became durable */
  committed(commit: { readonly nodes: number; readonly bytes: number; readonly steps: number; readonly seconds: number }): void;
  snapshotWritten(bytes: number): void;
}

export interface JournalOptions {
  readonly fence: Fence;
  readonly paths: { readonly journal: string; readonly snapshot: string };
  readonly logger: Logger;
  readonly observer?: JournalObserver;
  readonly nodeLimitBytes?: number;
  /** A snapshot is written after this many entries … */
  readonly snapshotAfterEntries?: number;
  /** … or this many bytes of them, but not before they are as many as the snapshot itself has. */
  readonly snapshotAfterBytes?: number;
}

interface Waiting {
  readonly step: SerialStep;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const ENTRY_NAME = /^\d{10}$/;

/**
 * Durable state: a snapshot and the entries after it. Steps that are decided while an entry is being written share the
 * next one. Entry k is created at its own number, together with a check of the leader's election node: of two leaders
 * only one can write it.
 */
export class Journal {
  readonly #fence: Fence;
  readonly #paths: JournalOptions['paths'];
  readonly #options: JournalOptions;
  readonly #records: Map<string, string>;
  readonly #writer: EntryWriter;
  #snapshotThrough: number;
  #snapshotBytes: number;
  #bytesSinceSnapshot = 0;
  #snapshotsWritten = 0;
  #snapshotRunning: Promise<void> | undefined;
  #queue: Waiting[] = [];
  #draining = false;
  #refusal: JournalRefusedError | undefined;

  private constructor(
    options: JournalOptions,
    loaded: { records: Map<string, string>; last: number; through: number; snapshotBytes: number },
  ) {
    this.#options = options;
    this.#fence = options.fence;
    this.#paths = options.paths;
    this.#records = loaded.records;
    this.#writer = new EntryWriter(options.fence, options.paths.journal, loaded.last);
    this.#snapshotThrough = loaded.through;
    this.#snapshotBytes = loaded.snapshotBytes;
  }

  /** Reads everything and changes nothing. @throws FutureStateError, CorruptStateError, ZooKeeperError */
  static async load(options: JournalOptions): Promise<Journal> {
    const { session } = options.fence;
    const { journal, snapshot } = options.paths;
    await session.ensurePath(journal);
    await session.ensurePath(snapshot);
    const base = await readSnapshot(session, snapshot);
    const names = (await session.children(journal)).filter((name) => ENTRY_NAME.test(name) && Number(name) > base.through).sort();
    names.forEach((name, index) => {
      const expected = base.through + 1 + index;
      if (Number(name) !== expected) {
        throw new CorruptStateError(`${journal} lacks entry ${expected}: restore it, or remove the state and reconcile`);
      }
    });
    const paths = names.map((name) => `${journal}/${name}`);
    const nodes = (await readAll(session, paths)).map((bytes, index) => parseEntryNode(paths[index] ?? journal, bytes));
    const records = new Map<string, string>();
    applyTo(records, serialise(base.records).changes);
    applyTo(records, serialise([...changesOf(nodes)]).changes);
    return new Journal(options, { records, last: base.through + names.length, through: base.through, snapshotBytes: base.bytes });
  }

  /** Every record that is durable. */
  *records(): Generator<Change> {
    for (const text of this.#records.values()) yield JSON.parse(text) as Change;
  }

  /**
   * Writes the first entry of this term. Once it is there, what was loaded is known to be everything, and no earlier
   * leader can add to it. @throws JournalRefusedError
   */
  async begin(): Promise<void> {
    await this.#writer.write(openingNode(this.#fence.term));
  }

  /**
   * Resolves once the changes are durable, after those of every earlier call.
   * @throws JournalRefusedError from then on always
   */
  append(changes: readonly Change[]): Promise<void> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    const step = serialise(changes);
    const durable = new Promise<void>((resolve, reject) => this.#queue.push({ step, resolve, reject }));
    if (!this.#draining) {
      this.#draining = true;
      // Messages that arrived in one piece are handled before this comes: they share the entry.
      process.nextTick(() => void this.#drain());
    }
    return durable;
  }

  /** Resolves when no snapshot is being written. */
  async settled(): Promise<void> {
    await this.#snapshotRunning;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0);
      try {
        await this.#commit(group.map((waiting) => waiting.step));
      } catch (error) {
        this.#refusal = error instanceof JournalRefusedError ? error : new JournalRefusedError(String(error), { cause: error });
        for (const waiting of [...group, ...this.#queue.splice(0)]) waiting.reject(this.#refusal);
        break;
      }
      for (const waiting of group) waiting.resolve();
      this.#snapshotWhenDue();
    }
    this.#draining = false;
  }

  async #commit(steps: readonly SerialStep[]): Promise<void> {
    const began = performance.now();
    const nodes = nodesOf(this.#fence.term, steps, this.#options.nodeLimitBytes ?? NODE_LIMIT_BYTES);
    let bytes = 0;
    for (const node of nodes) {
      await this.#writer.write(node);
      bytes += node.length;
    }
    this.#bytesSinceSnapshot += bytes;
    for (const step of steps) applyTo(this.#records, step.changes);
    const commit = { nodes: nodes.length, bytes, steps: steps.length, seconds: (performance.now() - began) / 1000 };
    // Nobody waits for what is counted: effects do.
    setImmediate(() => this.#options.observer?.committed(commit));
  }

  #snapshotWhenDue(): void {
    const entries = this.#writer.last - this.#snapshotThrough;
    const bytesDue = Math.max(this.#options.snapshotAfterBytes ?? 8_000_000, this.#snapshotBytes);
    if (entries < (this.#options.snapshotAfterEntries ?? 1_000) && this.#bytesSinceSnapshot < bytesDue) return;
    if (this.#snapshotRunning !== undefined) return;
    this.#snapshotRunning = this.#snapshot().finally(() => {
      this.#snapshotRunning = undefined;
    });
  }

  /** Goes on beside the writing of entries; when it fails the journal is only longer than it need be. */
  async #snapshot(): Promise<void> {
    const through = this.#writer.last;
    this.#snapshotThrough = through;
    this.#bytesSinceSnapshot = 0;
    this.#snapshotsWritten += 1;
    const name = `${String(through).padStart(10, '0')}-${this.#fence.term}-${this.#snapshotsWritten}`;
    const { logger, observer, nodeLimitBytes } = this.#options;
    try {
      const limit = nodeLimitBytes === undefined ? {} : { limitBytes: nodeLimitBytes };
      const bytes = await writeSnapshot(this.#fence, this.#paths.snapshot, { through, name, records: this.#records.values(), ...limit });
      this.#snapshotBytes = bytes;
      observer?.snapshotWritten(bytes);
      await removeOldSnapshots(this.#fence, this.#paths.snapshot);
      const names = (await this.#fence.session.children(this.#paths.journal)).filter((entry) => ENTRY_NAME.test(entry));
      const old = names.filter((entry) => Number(entry) <= through);
      await removeAll(
        this.#fence,
        old.map((entry) => `${this.#paths.journal}/${entry}`),
      );
    } catch (error) {
      logger.warn({ error: String(error), through }, 'the snapshot was not completed; the next one will be');
    }
  }
}

const applyTo = (records: Map<string, string>, changes: readonly SerialChange[]): void => {
  for (const change of changes) {
    if (change.removed) records.delete(change.record);
    else records.set(change.record, change.text);
  }
};
