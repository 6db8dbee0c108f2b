import type { Request } from '../model.js';
import { compareRequests } from './queue.js';

/** Requests with something that waits for an offer. There may be thousands of them, of which each offer serves a few. */
export class WaitingRequests extends Set<Request> {
  /** As they were sorted last, new ones at the end; some no longer wait. */
  #order: Request[] = [];
  readonly #listed = new WeakSet<Request>();
  #isSorted = true;
  /** The scaled nodes are one request, whose place changes with what of it waits. */
  #hasScaled = false;

  override add(request: Request): this {
    if (!this.#listed.has(request)) {
      this.#listed.add(request);
      this.#order.push(request);
      this.#isSorted = false;
    }
    this.#hasScaled ||= request.allocate === undefined;
    return super.add(request);
  }

  /**
   * In the order in which they are served. Sorting takes linear time of what is sorted but for a few, and is needed only when
   * some came. Not to be kept.
   */
  inOrder(): readonly Request[] {
    if (this.#order.length > this.size) this.#order = this.#order.filter((request) => this.#isListed(request));
    if (this.#isSorted && !this.#hasScaled) return this.#order;
    this.#order.sort(compareRequests);
    this.#isSorted = true;
    return this.#order;
  }

  #isListed(request: Request): boolean {
    if (this.has(request)) return true;
    this.#listed.delete(request);
    return false;
  }
}
