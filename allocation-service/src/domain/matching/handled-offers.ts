/** Offers are kept in mind for longer than a message can be on its way. */
const KEPT_MS = 600_000;

/**
 * The ids of offers that were used or declined: a redelivered offer is not used twice. They are forgotten together, by when
 * they came: after the time for which they are kept and before twice that.
 */
export class HandledOffers {
  #recent = new Set<string>();
  #earlier = new Set<string>();
  #began = -Infinity;

  /** Notes an offer; false: it was noted before. */
  add(id: string, now: number): boolean {
    if (now - this.#began >= KEPT_MS) {
      this.#earlier = now - this.#began >= 2 * KEPT_MS ? new Set() : this.#recent;
      this.#recent = new Set();
      this.#began = now;
    }
    if (this.#recent.has(id) || this.#earlier.has(id)) return false;
    this.#recent.add(id);
    return true;
  }

  clear(): void {
    this.#recent.clear();
    this.#earlier.clear();
  }
}
