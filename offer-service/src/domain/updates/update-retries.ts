import type { DriverSettings } from '../driver-settings.js';
import { growingPauseMs } from '../limits/growing-pause.js';
import type { HeldUpdate } from './update-flow.js';

interface Retry {
  readonly failures: number;
  readonly until: number;
}

/** Which updates wait until they are published again. */
export interface UpdateRetries {
  /** The queue took nothing: all wait, then one goes ahead to try, so that a missing queue costs one message a pause. */
  queue: Retry;
  /** The broker refused this one: only its task waits. */
  readonly refused: Map<HeldUpdate, Retry>;
  /** The next of `refused` is due; Infinity while none waits. */
  nextDue: number;
}

const neverFailed: Retry = { failures: 0, until: 0 };

export const noRetries = (): UpdateRetries => ({ queue: neverFailed, refused: new Map(), nextDue: Infinity });

/** Failures of what was in flight together count as one. */
export const queueFailed = (retries: UpdateRetries, { retry }: DriverSettings, now: number): void => {
  if (now < retries.queue.until) return;
  const failures = retries.queue.failures + 1;
  retries.queue = { failures, until: now + growingPauseMs(failures, retry) };
};

export const updateRefused = (retries: UpdateRetries, update: HeldUpdate, { retry }: DriverSettings, now: number): void => {
  const failures = (retries.refused.get(update)?.failures ?? 0) + 1;
  const until = now + growingPauseMs(failures, retry);
  retries.refused.set(update, { failures, until });
  retries.nextDue = Math.min(retries.nextDue, until);
};

export const updateSucceeded = (retries: UpdateRetries, update: HeldUpdate): void => {
  retries.queue = neverFailed;
  retries.refused.delete(update);
};

/** A new connection declares the queues anew, so nothing is known of them; returns those that need not wait any more, each once. */
export const forgetFailures = (retries: UpdateRetries): HeldUpdate[] => {
  const waiting = [...retries.refused].filter(([, { until }]) => until < Infinity).map(([update]) => update);
  retries.queue = neverFailed;
  retries.refused.clear();
  retries.nextDue = Infinity;
  return waiting;
};

/** Those whose pause is over; each once. */
export const takeDue = (retries: UpdateRetries, now: number): HeldUpdate[] => {
  if (now < retries.nextDue) return [];
  const due: HeldUpdate[] = [];
  retries.nextDue = Infinity;
  for (const [update, { failures, until }] of retries.refused) {
    if (until <= now) {
      due.push(update);
      retries.refused.set(update, { failures, until: Infinity });
    } else retries.nextDue = Math.min(retries.nextDue, until);
  }
  return due;
};
