/** A pause that doubles from `firstMs` to `maxMs` with each failure in a row. */
export interface PauseBounds {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after so many failures in a row, at least one. */
export const growingPauseMs = (failures: number, { firstMs, maxMs }: PauseBounds): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
