/** A map that forgets its oldest entries beyond a limit. */
export class BoundedMemory<Value> {
  private readonly entries = new Map<string, Value>();
  /** Its keys as a ring: a map that often loses its first entry takes ever longer to find it. */
  private readonly keys: string[] = [];
  private oldest = 0;

  /** @param onForget is told of each entry that had to go. */
  constructor(
    private readonly limit: number,
    private readonly onForget: (value: Value) => void = () => undefined,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: Value): void {
    const isKnown = this.entries.has(key);
    this.entries.set(key, value);
    if (isKnown) return;
    if (this.keys.length < this.limit) {
      this.keys.push(key);
      return;
    }
    const forgotten = this.keys[this.oldest]!;
    this.keys[this.oldest] = key;
    this.oldest = (this.oldest + 1) % this.limit;
    const last = this.entries.get(forgotten)!;
    this.entries.delete(forgotten);
    this.onForget(last);
  }
}
