import type { Subscription } from '@streams-on-mesos/messages';
import type { Effect } from '../../effects.js';
import type { DomainEvent } from '../../events.js';
import type { State } from '../../model.js';
import { sameSubscription } from '../../positions.js';
import { InvariantError } from './invariant-error.js';

const LONGEST_MS = 2_000;

/** One leader uses or declines an offer at once; for at most two seconds it may hold one that a deferred workload waits for. */
export class HoardingWatch {
  readonly #seen = new Set<string>();
  readonly #rescinded = new Set<string>();
  /** Offers in hand, and since when. */
  readonly #held = new Map<string, number>();

  #subscription: Subscription | undefined;

  constructor(
    readonly term: number,
    readonly now: () => number,
  ) {}

  onStep(state: State, event: DomainEvent, effects: readonly Effect[]): void {
    const { leader } = state;
    if (event.type === 'offers') {
      const isFresh = leader.connected && leader.greeted && sameSubscription(event.subscription, leader.subscription);
      for (const { id } of event.offers) {
        const isVoid = this.#seen.has(id.value) || this.#rescinded.has(id.value);
        if (isFresh && event.allocationTerm === this.term && !isVoid) this.#held.set(id.value, this.now());
        this.#seen.add(id.value);
      }
    }
    if (event.type === 'rescinds') {
      for (const id of event.offerIds) {
        this.#held.delete(id);
        // Also before its offer, which is delivered late.
        this.#rescinded.add(id);
      }
    }
    for (const effect of effects) {
      if (effect.type !== 'call') continue;
      const used = effect.call.accept?.offer_ids?.find((id) => this.#rescinded.has(id));
      if (used !== undefined) throw new InvariantError(`${used} is used though it was rescinded`);
      for (const id of [...(effect.call.accept?.offer_ids ?? []), ...(effect.call.decline?.offer_ids ?? [])]) this.#held.delete(id);
    }
    // Void: a new subscription has others, and a hello has all that are outstanding declined.
    const isAnother = !sameSubscription(leader.subscription, this.#subscription);
    this.#subscription = leader.subscription;
    if (!leader.connected || !leader.greeted || (isAnother && event.type === 'subscribed')) this.#held.clear();
    if (this.#held.size === 0) return;
    const isNew = new Set(event.type === 'offers' ? event.offers.map(({ id }) => id.value) : []);
    const mayHold = [...state.waiting].some(({ workload }) => workload.deferred === true);
    for (const [id, since] of this.#held) {
      if (isNew.has(id) && !mayHold) throw new InvariantError(`${id} is held though nothing waits for its workload`);
      // Only a tick can end a hold, and it ends all that are due.
      if (event.type === 'tick' && this.now() - since > LONGEST_MS) throw new InvariantError(`${id} is held for ${this.now() - since} ms`);
    }
  }
}
