export const allocateTypes = ['SYNCHRONOUS', 'ASYNCHRONOUS', 'FLEXIBLE'] as const;
export type AllocateType = (typeof allocateTypes)[number];

/** Seconds that a request waits for its resources; negative: until all of them are there. */
export interface WaitLimits {
  readonly synchronousSecs: number;
  readonly asynchronousSecs: number;
  readonly flexibleSecs: number;
}

/** Milliseconds to wait, or undefined for as long as it takes. */
export const waitLimitMs = (type: AllocateType, limits: WaitLimits): number | undefined => {
  const seconds = { SYNCHRONOUS: limits.synchronousSecs, ASYNCHRONOUS: limits.asynchronousSecs, FLEXIBLE: limits.flexibleSecs }[type];
  return seconds < 0 ? undefined : seconds * 1000;
};
