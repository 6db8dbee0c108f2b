import type { Changed } from '../domain/views/changed.js';

/** One change as it travels: `data` is JSON, `{kind, id, at_ms, value}`. */
export interface FeedEvent {
  /** From 1, in the order of decisions, within a term. */
  readonly number: number;
  readonly kind: string;
  readonly data: string;
}

export interface ChangeFeedLimits {
  /** How many events are kept for who was away, and how many characters they may have together. */
  readonly events: number;
  readonly characters: number;
}

export const feedLimits: ChangeFeedLimits = { events: 10_000, characters: 16 * 1024 * 1024 };

/**
 * The latest changes of one term, for any number of readers that each go at their own pace: they pull, so a slow one costs
 * nothing but its place. Changes are noted when they are decided and seen when they are durable.
 */
export class ChangeFeed {
  readonly #limits: ChangeFeedLimits;
  #kept: FeedEvent[] = [];
  /** Where in `#kept` those begin that are not forgotten. */
  #first = 0;
  #characters = 0;
  #decided = 0;
  #durable = 0;
  #isOver = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    readonly term: number,
    limits: ChangeFeedLimits = feedLimits,
  ) {
    this.#limits = limits;
  }

  /** The number of the last change that was decided; the state as it is now contains everything up to it. */
  get decided(): number {
    return this.#decided;
  }

  /** The term ended: nothing follows what can be read. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Notes what was decided; to be called with the result once it is durable. */
  note(changes: readonly Changed[], now: number): () => void {
    for (const { kind, id, value } of changes) {
      this.#decided += 1;
      const data = JSON.stringify({ kind, id, at_ms: now, value });
      this.#kept.push({ number: this.#decided, kind, data });
      this.#characters += data.length;
    }
    const last = this.#decided;
    return () => {
      this.#durable = last;
      this.#forget();
      this.#wake();
    };
  }

  /** Durable events after a number; undefined when some of them are no longer kept, or when it is none of this term's. */
  after(number: number, most: number): readonly FeedEvent[] | undefined {
    const oldest = this.#kept[this.#first]?.number ?? this.#decided + 1;
    if (number < oldest - 1 || number > this.#decided) return undefined;
    const start = this.#first + number + 1 - oldest;
    return this.#kept.slice(start, Math.min(start + most, start + this.#durable - number));
  }

  /** Resolves when there may be more to read, when the term is over, or when `signal` aborts. */
  more(signal: AbortSignal): Promise<void> {
    if (this.#isOver || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  /** Never what is not durable yet: nobody has seen it. */
  #forget(): void {
    const { events, characters } = this.#limits;
    for (;;) {
      const oldest = this.#kept[this.#first];
      const isTooMuch = this.#kept.length - this.#first > events || this.#characters > characters;
      if (oldest === undefined || !isTooMuch || oldest.number > this.#durable) break;
      this.#characters -= oldest.data.length;
      this.#first += 1;
    }
    // Moving the others once in a while costs less than at each one.
    if (this.#first < 1000 || this.#first * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }
}
