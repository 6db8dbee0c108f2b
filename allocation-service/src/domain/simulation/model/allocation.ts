import type { Effect } from '../../effects.js';
import type { DomainEvent } from '../../events.js';
import { loadState, nextWakeup, step } from '../../machine.js';
import type { Change, State, Step } from '../../model.js';
import type { Settings } from '../../settings.js';
import { effectName } from '../coverage.js';
import type { Fault } from '../planted-faults.js';
import { inputQueues, type InputQueue, type ModelBroker } from './broker.js';
import type { ModelJournal } from './journal.js';

interface Input {
  readonly queue: InputQueue;
  readonly message: DomainEvent;
}

/** One step on its way out: written, then its effects leave one by one, then its input is acknowledged. */
interface Decided {
  readonly changes: readonly Change[];
  readonly effects: Effect[];
  readonly input: Input | undefined;
}

export interface StepListener {
  (leader: ModelLeader, event: DomainEvent, result: Step, leaving: readonly Effect[]): void;
}

/** Where it dies: the stages of what it has in hand, and the effects on either side of the cut. */
export interface CrashPoint {
  readonly decided: boolean;
  readonly written: boolean;
  readonly unacknowledged: boolean;
  readonly left: string | undefined;
  readonly toLeave: string | undefined;
}

/** An allocation-service that leads, or believes so: steps, then writes, then effects, and it may die between any two. */
export class ModelLeader {
  readonly state: State;
  #decided: Decided[] = [];
  #written: Decided[] = [];
  #unacknowledged: Input[] = [];
  /** The effect that left last. */
  #left: string | undefined;
  /** Nothing has left since something was written with nothing else on its way. */
  #isFresh = false;

  constructor(
    readonly term: number,
    readonly journal: ModelJournal,
    settings: Settings,
    readonly now: () => number,
    readonly fault: Fault,
    readonly beforeStep: (leader: ModelLeader, event: DomainEvent) => void,
    readonly onStep: StepListener,
    onTimer: (kind: string) => void,
  ) {
    this.state = loadState([...journal.records.values()], { ...settings, ...fault.settings }, now());
    const { timers } = this.state;
    const takeDue = timers.takeDue.bind(timers);
    timers.takeDue = (at) => {
      const name = takeDue(at);
      if (name !== undefined) onTimer(name.split(':')[0] ?? name);
      return name;
    };
    this.handle({ type: 'leading', term });
  }

  handle(event: DomainEvent, input?: Input): void {
    const now = this.now();
    const seen = this.fault.event?.(event, this.state) ?? event;
    this.beforeStep(this, event);
    const result = step(this.state, seen, now);
    const { changes, effects } = this.fault.result?.(result, seen) ?? result;
    this.onStep(this, event, result, effects);
    this.#decided.push({ changes, effects: effects.filter(({ type }) => type !== 'log'), input });
  }

  get wakeup(): number | undefined {
    return nextWakeup(this.state);
  }

  get unwritten(): number {
    return this.#decided.length;
  }

  /** Group commit: what was decided becomes durable, so that its effects may leave. False: another one leads. */
  write(count: number): boolean {
    const batch = this.#decided.slice(0, count);
    const changes = batch.flatMap((decided) => decided.changes);
    if (!this.journal.write(this.term, changes)) return false;
    this.#decided.splice(0, batch.length);
    this.#isFresh ||= this.#written.length === 0;
    this.#written.push(...batch);
    return true;
  }

  /** The next effect on its way. */
  send(): Effect | undefined {
    for (let first = this.#written[0]; first !== undefined; first = this.#written[0]) {
      const effect = first.effects.shift();
      if (first.effects.length === 0) this.#hasLeft(first);
      if (effect === undefined) continue;
      this.#left = effectName(effect);
      this.#isFresh = false;
      return effect;
    }
    return undefined;
  }

  #hasLeft({ input }: Decided): void {
    this.#written.shift();
    if (input !== undefined) this.#unacknowledged.push(input);
  }

  /** false: nothing is left to acknowledge */
  acknowledge(count: number): boolean {
    return this.#unacknowledged.splice(0, count).length > 0;
  }

  get crashPoint(): CrashPoint {
    const next = this.#written.find(({ effects }) => effects.length > 0)?.effects[0];
    return {
      decided: this.#decided.length > 0,
      written: next !== undefined && this.#isFresh,
      unacknowledged: this.#unacknowledged.length > 0,
      left: this.#left,
      toLeave: next === undefined ? undefined : effectName(next),
    };
  }

  /** Its channels close, or it dies: what it had not acknowledged is delivered again. */
  loseChannels(broker: ModelBroker): void {
    const handled = [...this.#written, ...this.#decided].flatMap(({ input }) => input ?? []);
    const inputs = [...this.#unacknowledged, ...handled];
    for (const name of inputQueues) {
      const messages = inputs.flatMap(({ queue, message }) => (queue === name ? [message] : []));
      if (messages.length > 0) broker.requeue(name, messages);
    }
    this.#unacknowledged = [];
    this.#written = this.#written.map(({ changes, effects }) => ({ changes, effects, input: undefined }));
    this.#decided = this.#decided.map(({ changes, effects }) => ({ changes, effects, input: undefined }));
  }
}
