import type { Constraint, Licence, Quantities } from '@streams-on-mesos/messages';
import type { Request } from '../model.js';
import type { Need } from '../matching/need.js';
import { compareRequests } from './queue.js';

/** What makes requests alike, as a text. The scaled nodes, which are of several sizes while these change, are like nothing else. */
export const kindKeyOf = ({ allocate, requirements }: Request, { cpus, mem, disk, gpus, ports, port_ranges }: Quantities): string => {
  if (allocate === undefined) return 'scaled nodes';
  const { role, priority, constraints, licences } = requirements;
  const plain = `${cpus} ${mem} ${disk ?? 0} ${gpus ?? 0} ${ports ?? 0} ${priority} ${role}`;
  const special: readonly (readonly (Constraint | Licence | Quantities.PortRange)[])[] = [constraints, licences, port_ranges ?? []];
  return special.every((list) => list.length === 0) ? plain : `${plain} ${JSON.stringify(special)}`;
};

/** Requests that wait for the same: where one finds no room, no other does. Thousands that wait may be of a few kinds. */
export class RequestKind implements Iterable<Request> {
  /** In the order in which they are served; some no longer wait, but may again. */
  #order: Request[] = [];
  /** None before it waits: who came first is mostly served first. */
  #firstWaiting = 0;
  /** How many wait. */
  size = 0;

  constructor(
    readonly key: string,
    readonly role: string,
    /** Of each of their resources; undefined: they differ. */
    readonly need: Need | undefined,
  ) {}

  add(request: Request): void {
    this.size += 1;
    this.#firstWaiting = 0;
    if (request.kind === this) return;
    if (request.kind !== undefined) request.kind.#unlist(request);
    request.kind = this;
    this.#order.splice(this.#placeOf(request), 0, request);
  }

  /** Who no longer waits is forgotten when the others are looked at next. */
  delete(): void {
    this.size -= 1;
    if (this.size === 0) this.#startAnew([]);
  }

  *[Symbol.iterator](): Generator<Request, undefined> {
    if (this.#order.length > 2 * this.size) this.#forgetThoseGone();
    const order = this.#order;
    while (order[this.#firstWaiting]?.isWaiting === false) this.#firstWaiting += 1;
    for (let n = this.#firstWaiting; n < order.length; n += 1) {
      const request = order[n];
      if (request?.isWaiting === true) yield request;
    }
  }

  #unlist(request: Request): void {
    this.#startAnew(this.#order.filter((other) => other !== request));
  }

  #forgetThoseGone(): void {
    this.#startAnew(
      this.#order.filter((request) => {
        if (!request.isWaiting) request.kind = undefined;
        return request.isWaiting;
      }),
    );
  }

  #startAnew(order: Request[]): void {
    this.#order = order;
    this.#firstWaiting = 0;
  }

  /** Nearly always the last. */
  #placeOf(request: Request): number {
    let low = 0;
    let high = this.#order.length;
    let middle = high - 1;
    while (low < high) {
      const there = this.#order[middle];
      if (there !== undefined && compareRequests(there, request) <= 0) low = middle + 1;
      else high = middle;
      middle = (low + high) >> 1;
    }
    return low;
  }
}
