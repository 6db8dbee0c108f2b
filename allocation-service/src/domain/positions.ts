import type { Subscription } from '@streams-on-mesos/messages';
import type { StatusPosition } from './model.js';

/** Negative when `a` is the older one, 0 when they are the same. */
export const compareSubscriptions = (a: Subscription, b: Subscription): number => a.term - b.term || a.counter - b.counter;

export const sameSubscription = (a: Subscription | undefined, b: Subscription | undefined): boolean =>
  a !== undefined && b !== undefined && compareSubscriptions(a, b) === 0;

/** Negative when `a` is the earlier one. */
export const comparePositions = (a: StatusPosition, b: StatusPosition): number =>
  compareSubscriptions(a.subscription, b.subscription) || a.sequence - b.sequence;
