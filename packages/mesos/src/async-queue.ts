import { Fifo } from './fifo.js';

/** Hands items from callbacks to one `for await` loop, in order. */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #items = new Fifo<T>();
  #waiting: ((result: IteratorResult<T>) => void)[] = [];
  #ended = false;

  /** @param hooks.onTake runs before the taker sees the item; `onReturn` when the loop is left early */
  constructor(private readonly hooks: { readonly onTake?: (item: T) => void; readonly onReturn?: () => void } = {}) {}

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#ended) return;
    const taker = this.#waiting.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(this.#handOver(item));
  }

  /** No items after those already in the queue. */
  end(): void {
    this.#ended = true;
    for (const taker of this.#waiting.splice(0)) taker({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.length > 0) return Promise.resolve(this.#handOver(this.#items.shift()!));
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Throws away what nobody has taken yet. */
  clear(): void {
    this.#items.takeAll();
  }

  return(): Promise<IteratorResult<T>> {
    this.clear();
    this.end();
    this.hooks.onReturn?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #handOver(item: T): IteratorResult<T> {
    this.hooks.onTake?.(item);
    return { done: false, value: item };
  }
}
