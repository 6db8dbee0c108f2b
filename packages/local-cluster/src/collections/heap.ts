/** A binary heap: the first is found at once, however many there are. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly isBefore: (left: T, right: T) => boolean) {}

  get first(): T | undefined {
    return this.items[0];
  }

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    const { items } = this;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !this.isBefore(item, above)) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  removeFirst(): T | undefined {
    const { items } = this;
    const [first] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [items[2 * index + 1], items[2 * index + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && this.isBefore(right, left);
      const child = isRight ? right : left;
      if (!this.isBefore(child, last)) break;
      items[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    items[index] = last;
    return first;
  }

  clear(): void {
    this.items.length = 0;
  }
}
