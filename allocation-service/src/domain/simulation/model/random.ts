/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}

/** Several things of which one is picked at a time, each as often as its weight says. */
export class Choices<T extends { readonly weight: number }> {
  readonly #ends: number[] = [];
  readonly #total: number;

  constructor(readonly choices: readonly T[]) {
    let total = 0;
    for (const { weight } of choices) this.#ends.push((total += weight));
    this.#total = total;
  }

  pick(random: Random): T {
    const at = random.next() * this.#total;
    const found = this.choices[this.#ends.findIndex((end) => at < end)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }
}
