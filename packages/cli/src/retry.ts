import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, Unavailable } from './failure.js';

export interface Deadline {
  /** Epoch milliseconds. */
  readonly at: number;
  /** How it is told: "after 120 s". */
  readonly seconds: number;
}

export const deadlineIn = (seconds: number): Deadline => ({ at: Date.now() + seconds * 1000, seconds });

export interface PollOptions {
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  /** Default 500. */
  readonly pauseMs?: number;
}

/** A step of a poll: the result, or why there is none yet. */
export type PollStep<T> = { readonly result: T } | { readonly notYet: string };

/** For what must be there already: who is away longer than a restart takes is not coming. */
export const soonOf = (deadline: Deadline, seconds = 15): Deadline => {
  const soon = deadlineIn(seconds);
  return soon.at < deadline.at ? soon : deadline;
};

/** The time was up. */
export class GaveUp extends Failure {}

/** Tries until there is a result. Who is away is asked again. @throws GaveUp with the last reason when the time is up */
export const poll = async <T>(step: () => Promise<PollStep<T>>, { deadline, signal, progress, pauseMs = 500 }: PollOptions): Promise<T> => {
  for (;;) {
    const outcome = await step().catch((error: unknown): PollStep<T> => {
      if (!(error instanceof Unavailable) || signal.aborted) throw error;
      return { notYet: error.message };
    });
    if ('result' in outcome) return outcome.result;
    progress(outcome.notYet);
    if (Date.now() + pauseMs > deadline.at) throw new GaveUp(`gave up after ${deadline.seconds} s: ${outcome.notYet}`);
    await sleep(pauseMs, undefined, { signal });
  }
};
