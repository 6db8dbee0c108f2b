/** A map that forgets its oldest entries beyond a limit. */
export class BoundedMemory<Value> {
  private readonly entries = new Map<string, Value>();

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
    this.entries.set(key, value);
    for (const [oldest, forgotten] of this.entries) {
      if (this.entries.size <= this.limit) break;
      this.entries.delete(oldest);
      this.onForget(forgotten);
    }
  }
}
