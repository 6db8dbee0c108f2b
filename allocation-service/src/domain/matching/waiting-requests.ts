import type { Request } from '../model.js';
import { compareRequests } from './queue.js';

/** Requests with something that waits for an offer. There may be thousands of them, of which each offer serves a few. */
export class WaitingRequests extends Set<Request> {
  /** As they were sorted last, new ones at the end; some no longer wait. */
  #order: Request[] = [];
  readonly #listed = new WeakSet<Request>();

  override add(request: Request): this {
    if (!this.#listed.has(request)) {
      this.#listed.add(request);
      this.#order.push(request);
    }
    return super.add(request);
  }

  /**
   * In the order in which they are served: it is sorted anew each time, since what comes first may change with what waits, but
   * that takes linear time of what is sorted but for a few. Not to be kept.
   */
  inOrder(): readonly Request[] {
    if (this.#order.length > this.size) this.#order = this.#order.filter((request) => this.#isListed(request));
    return this.#order.sort(compareRequests);
  }

  #isListed(request: Request): boolean {
    if (this.has(request)) return true;
    this.#listed.delete(request);
    return false;
  }
}
