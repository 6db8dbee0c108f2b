import type { DomainEvent } from '../../events.js';
import type { Effect } from '../../effects.js';
import type { State } from '../../model.js';
import type { ModelMesos } from '../model/mesos.js';
import { InvariantError } from './invariant-error.js';

/** One leader kills nothing that is wanted, and what it doesn't know only after two implicit reconciliations named it. */
export class KillsWatch {
  #rounds = 0;
  /** Which of the implicit reconciliations named which stranger. */
  readonly #named = new Map<string, Set<number>>();

  constructor(
    readonly mesos: ModelMesos,
    readonly strangers: ReadonlySet<string>,
  ) {}

  onEvent(event: DomainEvent): void {
    if (event.type !== 'update' || event.status.reason !== 'REASON_RECONCILIATION') return;
    const id = event.status.task_id.value;
    if (this.strangers.has(id)) this.#named.set(id, (this.#named.get(id) ?? new Set<number>()).add(this.#rounds));
  }

  onEffect(state: State, effect: Effect): void {
    if (effect.type !== 'call') return;
    const { kill, reconcile } = effect.call;
    if (reconcile !== undefined && (reconcile.tasks ?? []).length === 0) this.#rounds += 1;
    if (kill !== undefined) this.#checkKill(state, kill.task_id);
  }

  #checkKill(state: State, id: string): void {
    // What was adopted is known, and ends as any other.
    if (this.strangers.has(id) && !state.tasks.has(id) && (this.#named.get(id)?.size ?? 0) < 2)
      throw new InvariantError(`kills ${id}, an unknown task that was not named twice`);
    const task = state.tasks.get(id);
    const resource = task === undefined ? undefined : state.resources.get(task.resourceId);
    if (task === undefined && this.mesos.tasks.get(id)?.alive === true && !this.strangers.has(id))
      throw new InvariantError(`kills ${id}, which it forgot`);
    if (resource !== undefined && resource.task === task && resource.state !== 'STOPPING')
      throw new InvariantError(`kills ${id}, which is wanted`);
  }
}
