/** Times of the endpoints are seconds of the epoch; 0: never. */
export const seconds = (ms: number | undefined): number => (ms ?? 0) / 1000;

/** Those of the operator API (TimeInfo). */
export const timeInfo = (ms: number): { readonly nanoseconds: number } => ({ nanoseconds: ms * 1_000_000 });
