/** One line of `make bench`: what was measured, and against what, in one run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the ratio compares with, measured in the same run. */
  readonly against: string;
  /** value / the other's value. */
  readonly ratio: number;
}

export type Bench = () => Promise<Figure[]>;

export const percentile = (samples: readonly number[], fraction: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? NaN;
};

export const rounded = (value: number): number => Number(value.toPrecision(4));

/** Seconds for one pass, best of the rounds: what else runs on the machine only ever adds. */
export const best = (rounds: number, pass: () => void): number => {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    pass();
    least = Math.min(least, (performance.now() - began) / 1_000);
  }
  return least;
};
