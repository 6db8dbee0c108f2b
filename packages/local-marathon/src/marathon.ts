import type { Effect, MarathonEvent } from './domain/events.js';
import type { State } from './domain/state.js';
import { converge, step } from './domain/step.js';
import { nextWakeup } from './domain/wakeup.js';

/** What Marathon needs from the outside. */
export interface Surroundings {
  /** Makes the state durable before it returns. */
  readonly save: (state: State) => void;
  /** Starts one effect; what comes of it arrives as an event. */
  readonly perform: (effect: Effect) => void;
  /** The state could not be saved: nothing more may be done. */
  readonly fail: (error: unknown) => void;
}

const leastWaitMs = 20;
const longestWaitMs = 60_000;

/** Runs the state machine: events and commands one after another, each change saved before its effects leave, ticks when they are due. */
export class Marathon {
  private saved: number;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private surroundings: Surroundings | undefined;

  constructor(private readonly current: State) {
    this.saved = current.revision;
  }

  get state(): Readonly<State> {
    return this.current;
  }

  start(surroundings: Surroundings): void {
    this.surroundings = surroundings;
    this.handle({ type: 'tick' });
  }

  handle(event: MarathonEvent): void {
    if (this.stopped) return;
    this.follow(step(this.current, event, Date.now()));
  }

  /** Carries out a user's request and answers with its result, once the change is durable. Throws when it could not be saved. */
  change<T>(command: (state: State, now: number) => T): T {
    const now = Date.now();
    const result = command(this.current, now);
    this.follow(converge(this.current, now));
    if (this.stopped) throw new Error('local-marathon is stopping');
    return result;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private follow(effects: readonly Effect[]): void {
    try {
      if (this.current.revision !== this.saved) this.surroundings?.save(this.current);
      this.saved = this.current.revision;
    } catch (error) {
      this.stop();
      this.surroundings?.fail(error);
      return;
    }
    for (const effect of effects) this.surroundings?.perform(effect);
    this.setTimer();
  }

  private setTimer(): void {
    clearTimeout(this.timer);
    const now = Date.now();
    const wait = Math.min(longestWaitMs, Math.max(leastWaitMs, nextWakeup(this.current, now) - now));
    this.timer = setTimeout(() => this.handle({ type: 'tick' }), wait);
  }
}
