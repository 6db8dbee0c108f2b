import type { Subscription } from '@streams-on-mesos/messages';

export const sameSubscription = (a: Subscription, b: Subscription): boolean => a.term === b.term && a.counter === b.counter;
