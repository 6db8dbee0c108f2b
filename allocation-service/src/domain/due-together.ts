import type { Timers } from './timers.js';

/**
 * What is due at the same time, by one timer for all of it: one matching launches thousands of tasks that all have the same
 * deadline. Nothing is taken out when it no longer matters: who takes what is due looks whether it still does.
 */
export class DueTogether<T> {
  readonly #groups = new Map<number, T[]>();

  /** @param kind of the timers, which are named `<kind>:<epoch milliseconds>` */
  constructor(readonly kind: string) {}

  /** @param at epoch milliseconds */
  add(timers: Timers, at: number, ...more: readonly T[]): void {
    const group = this.#groups.get(at);
    if (group !== undefined) {
      group.push(...more);
      return;
    }
    this.#groups.set(at, [...more]);
    timers.set(`${this.kind}:${at}`, at);
  }

  /** Takes out what was due then. */
  take(at: number): readonly T[] {
    const group = this.#groups.get(at) ?? [];
    this.#groups.delete(at);
    return group;
  }
}
