import type { Effect } from '../effects.js';
import type { DomainEvent } from '../events.js';
import { loadState, nextWakeup, step } from '../machine.js';
import type { Change, State, Step } from '../model.js';
import type { Settings } from '../settings.js';
import type { Fault } from './faults.js';
import type { InputQueue, ModelBroker } from './model-broker.js';

/** ZooKeeper: the election and the journal, which only the elected can write. */
export class ModelJournal {
  term = 0;
  readonly records = new Map<string, Change>();

  elect(): number {
    this.term += 1;
    return this.term;
  }

  write(term: number, changes: readonly Change[]): boolean {
    if (term !== this.term) return false;
    for (const change of changes) {
      const key = `${change.table} ${change.key}`;
      if (change.value === null) this.records.delete(key);
      else this.records.set(key, change);
    }
    return true;
  }
}

interface Input {
  readonly queue: InputQueue;
  readonly message: DomainEvent;
}

interface Pending {
  readonly changes: readonly Change[];
  readonly effects: readonly Effect[];
  readonly input: Input | undefined;
}

export interface StepListener {
  (leader: ModelLeader, event: DomainEvent, result: Step): void;
}

/** An allocation-service that leads, or believes so: steps, then writes, then effects, and it may die between any two. */
export class ModelLeader {
  readonly state: State;
  #pending: Pending[] = [];
  #outbox: Effect[] = [];

  constructor(
    readonly term: number,
    readonly journal: ModelJournal,
    settings: Settings,
    readonly now: () => number,
    readonly fault: Fault,
    readonly onStep: StepListener,
  ) {
    this.state = loadState([...journal.records.values()], { ...settings, ...fault.settings }, now());
    this.handle({ type: 'leading', term });
  }

  handle(event: DomainEvent, input?: Input): void {
    const now = this.now();
    const seen = this.fault.event?.(event, this.state) ?? event;
    const result = step(this.state, seen, now);
    this.onStep(this, event, result);
    const { changes, effects } = this.fault.result?.(result, seen) ?? result;
    this.#pending.push({ changes, effects, input });
  }

  get wakeup(): number | undefined {
    return nextWakeup(this.state);
  }

  get unwritten(): number {
    return this.#pending.length;
  }

  get unsent(): number {
    return this.#outbox.length;
  }

  /** Group commit: what was decided becomes durable, then inputs are acknowledged and effects may leave. */
  write(count: number): void {
    const batch = this.#pending.slice(0, count);
    const changes = batch.flatMap((pending) => pending.changes);
    if (!this.journal.write(this.term, changes)) return;
    this.#pending.splice(0, batch.length);
    for (const { effects } of batch) this.#outbox.push(...effects);
  }

  /** The next effect on its way. */
  send(): Effect | undefined {
    return this.#outbox.shift();
  }

  /** It dies: what it had not acknowledged is delivered again. */
  crash(broker: ModelBroker): void {
    for (const queue of ['offers', 'updates', 'answers', 'requests'] as const) {
      const inputs = this.#pending.flatMap(({ input }) => (input?.queue === queue ? [input.message] : []));
      if (inputs.length > 0) broker.requeue(queue, inputs);
    }
    this.#pending = [];
  }
}
