/** When what is due: one deadline a name, the earliest first. */
export class Timers {
  readonly #deadlines = new Map<string, number>();
  readonly #heap: { readonly at: number; readonly name: string }[] = [];

  /** Replaces an earlier deadline of that name. */
  set(name: string, at: number): void {
    if (this.#deadlines.get(name) === at) return;
    this.#deadlines.set(name, at);
    this.#push({ at, name });
  }

  cancel(name: string): void {
    this.#deadlines.delete(name);
  }

  has(name: string): boolean {
    return this.#deadlines.has(name);
  }

  /** The earliest deadline. */
  next(): number | undefined {
    this.#dropReplaced();
    return this.#heap[0]?.at;
  }

  /** Takes out one name that is due; undefined when none is. */
  takeDue(now: number): string | undefined {
    this.#dropReplaced();
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#pop();
    this.#deadlines.delete(first.name);
    return first.name;
  }

  #dropReplaced(): void {
    for (let first = this.#heap[0]; first !== undefined && this.#deadlines.get(first.name) !== first.at; first = this.#heap[0]) this.#pop();
  }

  #push(entry: { readonly at: number; readonly name: string }): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= entry.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && right.at < left.at) child += 1;
      const smaller = heap[child];
      if (smaller === undefined || smaller.at >= last.at) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}
