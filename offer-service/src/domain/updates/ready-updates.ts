import type { HeldUpdate } from './update-flow.js';

/** Taken ones are cut off when there are so many. */
const MANY_TAKEN = 1_000;

/** Updates whose turn it is to be published, first in, first out. A set that often loses its first takes ever longer to find it. */
export class ReadyUpdates {
  private updates: (HeldUpdate | undefined)[] = [];
  private taken = 0;

  get size(): number {
    return this.updates.length - this.taken;
  }

  add(update: HeldUpdate): void {
    this.updates.push(update);
  }

  take(): HeldUpdate | undefined {
    if (this.size === 0) return undefined;
    const update = this.updates[this.taken];
    // else it stays in memory until it is cut off
    this.updates[this.taken++] = undefined;
    if (this.taken >= MANY_TAKEN && this.taken * 2 >= this.updates.length) {
      this.updates = this.updates.slice(this.taken);
      this.taken = 0;
    }
    return update;
  }
}
