import { Heap } from './heap.js';

interface Entry {
  readonly key: string;
  readonly at: number;
  /** Of two at the same time the one that was set first is due first. */
  readonly order: number;
}

/** When something is due for each key (any clock's ms). Finding what is due costs the same for a few keys and for thousands. */
export class Deadlines {
  private readonly entries = new Map<string, Entry>();
  /** With those that were deleted or set anew since. */
  private readonly heap = new Heap<Entry>((left, right) => left.at < right.at || (left.at === right.at && left.order < right.order));
  private order = 0;

  get size(): number {
    return this.entries.size;
  }

  set(key: string, at: number): void {
    const entry = { key, at, order: this.order++ };
    this.entries.set(key, entry);
    this.heap.add(entry);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Infinity: there is none. */
  get next(): number {
    return this.first()?.at ?? Infinity;
  }

  /** Takes all out that are due, the first first; what is set meanwhile is only taken if it is due too. */
  *takeDue(now: number): Generator<string> {
    for (let entry = this.first(); entry !== undefined && entry.at <= now; entry = this.first()) {
      this.heap.removeFirst();
      this.entries.delete(entry.key);
      yield entry.key;
    }
  }

  private first(): Entry | undefined {
    for (;;) {
      const { first } = this.heap;
      if (first === undefined || this.entries.get(first.key) === first) return first;
      this.heap.removeFirst();
    }
  }
}
