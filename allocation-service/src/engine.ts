import type { Effect } from './domain/effects.js';
import type { DomainEvent } from './domain/events.js';
import type { Change } from './domain/model.js';

/** The pure core, as the engine drives it. */
export interface Machine<State> {
  readonly step: (
    state: State,
    event: DomainEvent,
    now: number,
  ) => { readonly state: State; readonly changes: readonly Change[]; readonly effects: readonly Effect[] };
  readonly nextWakeup: (state: State) => number | undefined;
}

export interface EngineOptions<State> {
  readonly machine: Machine<State>;
  /** as loaded; from now on the engine is its only owner */
  readonly state: State;
  readonly journal: { append(changes: readonly Change[]): Promise<void> };
  /** Lets an effect out. Called in the order of decisions, after the entry that holds the decision is durable. */
  readonly release: (effect: Effect) => void;
  readonly now: () => number;
  /** True to the moment: a process that was paused is not told of the end of its leadership before it goes on with what it had in hand. */
  readonly leads: () => boolean;
  readonly onStep?: (event: DomainEvent['type'], seconds: number) => void;
  /** Looks at the state as a decision left it; what it returns is called once that is durable, in the order of decisions. */
  readonly onChanges?: (state: State, changes: readonly Change[]) => () => void;
}

/** This instance no longer leads: the input stays unacknowledged, and the next leader gets it. */
export class EngineStoppedError extends Error {
  override readonly name = 'EngineStoppedError';
}

/** The core threw on this very input, so it can never be handled. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
}

/** A tick that changed nothing is not repeated at once. */
const LEAST_TICK_MS = 10;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The serial loop of one term: takes inputs one by one, decides at once, and lets effects and answers out only when the
 * journal has what was decided and everything decided before it.
 */
export class Engine<State> {
  readonly #options: EngineOptions<State>;
  #state: State;
  /** resolves when everything decided so far is durable and its effects have left */
  #tail: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #wakeupIsStale = false;
  /** Looks at what the last decision changed; undefined: that was looked at. */
  #look: (() => void) | undefined;
  #stopped: Error | undefined;
  #reportEnd!: (reason: Error) => void;
  /** Resolves with the reason once the engine takes no more inputs. */
  readonly ended: Promise<Error>;

  constructor(options: EngineOptions<State>) {
    this.#options = options;
    this.#state = options.state;
    this.ended = new Promise((resolve) => {
      this.#reportEnd = resolve;
    });
  }

  /** It takes no more inputs. */
  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  /**
   * Decides on an event now; resolves when its effects have left, which is when its input may be acknowledged.
   * @throws EngineStoppedError, StepFailedError, or why the journal refused
   */
  submit(event: DomainEvent): Promise<void> {
    const stopped = this.#reasonToStop();
    if (stopped !== undefined) return Promise.reject(stopped);
    this.#look?.();
    const began = performance.now();
    let step: ReturnType<Machine<State>['step']>;
    try {
      step = this.#options.machine.step(this.#state, event, this.#options.now());
    } catch (cause) {
      // The state may be half changed: it must be loaded again.
      const failure = new StepFailedError(`${event.type} could not be handled: ${(cause as Error).message}`, { cause });
      this.stop(new EngineStoppedError(failure.message, { cause }));
      return Promise.reject(failure);
    }
    this.#state = step.state;
    const seconds = (performance.now() - began) / 1000;
    // Nobody waits for what is counted: effects do.
    if (this.#options.onStep !== undefined) setImmediate(this.#options.onStep, event.type, seconds);
    this.#scheduleWakeup();
    const { changes, effects } = step;
    if (changes.length === 0) return this.#afterAllBefore(undefined, () => effects.forEach(this.#options.release));
    const durable = this.#options.journal.append(changes);
    const publish = this.#lookLater(step.state, changes);
    return this.#afterAllBefore(durable, () => {
      effects.forEach(this.#options.release);
      publish();
    });
  }

  /** Reads the state now, but tells only when all that was read is durable. `select` must not hand out parts of the state. */
  async read<T>(select: (state: State, now: number) => T): Promise<T> {
    this.#throwIfStopped();
    this.#look?.();
    const value = select(this.#state, this.#options.now());
    await this.#afterAllBefore(undefined, () => undefined);
    return value;
  }

  /** Reads the state as it is, for what is only looked at: metrics, readiness. */
  glance<T>(select: (state: State, now: number) => T): T {
    return select(this.#state, this.#options.now());
  }

  /** Takes no more inputs; effects that have not left never do. */
  stop(reason: Error): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = reason;
    clearTimeout(this.#timer);
    this.#reportEnd(reason);
  }

  #afterAllBefore(durable: Promise<void> | undefined, release: () => void): Promise<void> {
    // Looked at only when its turn comes: until then its failure must not count as unhandled.
    durable?.catch(() => undefined);
    const turn = this.#tail.then(async () => {
      this.#throwIfStopped();
      await durable;
      this.#throwIfStopped();
      release();
    });
    this.#tail = turn.catch((reason: unknown) => this.stop(reason instanceof Error ? reason : new Error(String(reason))));
    return turn;
  }

  /** Not at once, since the entry is to leave first, but before anything else happens to the state. @returns what onChanges returns */
  #lookLater(state: State, changes: readonly Change[]): () => void {
    const { onChanges } = this.#options;
    if (onChanges === undefined) return () => undefined;
    let publish: (() => void) | undefined;
    const look = (): void => {
      if (this.#look !== look) return;
      this.#look = undefined;
      try {
        publish = onChanges(state, changes);
      } catch (error) {
        this.stop(error instanceof Error ? error : new Error(String(error)));
      }
    };
    this.#look = look;
    setImmediate(look);
    return () => {
      look();
      publish?.();
    };
  }

  #throwIfStopped(): void {
    const stopped = this.#reasonToStop();
    if (stopped !== undefined) throw stopped;
  }

  #reasonToStop(): Error | undefined {
    if (this.#stopped === undefined && !this.#options.leads()) this.stop(new EngineStoppedError('leadership was lost'));
    return this.#stopped;
  }

  #scheduleWakeup(): void {
    if (this.#wakeupIsStale) return;
    this.#wakeupIsStale = true;
    // Once for all events of one turn of the event loop.
    setImmediate(() => {
      this.#wakeupIsStale = false;
      clearTimeout(this.#timer);
      if (this.#stopped !== undefined) return;
      const at = this.#options.machine.nextWakeup(this.#state);
      if (at === undefined) return;
      const delay = Math.min(Math.max(at - this.#options.now(), LEAST_TICK_MS), LONGEST_TIMER_MS);
      this.#timer = setTimeout(() => void this.submit({ type: 'tick' }).catch(() => undefined), delay);
    });
  }
}
