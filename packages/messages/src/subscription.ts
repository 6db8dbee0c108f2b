import type { Subscription } from './generated/protocol.js';

/** Negative when `a` is the older one, 0 when they are the same, positive when `a` is the newer one. */
export const compareSubscriptions = (a: Subscription, b: Subscription): number => a.term - b.term || a.counter - b.counter;

export const sameSubscription = (a: Subscription | undefined, b: Subscription | undefined): boolean =>
  a !== undefined && b !== undefined && compareSubscriptions(a, b) === 0;
