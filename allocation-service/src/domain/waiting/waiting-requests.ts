import type { Quantities } from '@streams-on-mesos/messages';
import type { Request } from '../model.js';
import { needOf } from '../matching/need.js';
import { kindKeyOf, RequestKind } from './request-kind.js';

/** Requests with something that waits for an offer, by kind. There may be thousands of them, of which each offer serves a few. */
export class WaitingRequests implements Iterable<Request> {
  readonly #kinds = new Map<string, RequestKind>();
  #size = 0;

  /** @param wholeOfferFloor what 0 cpus or mem takes at least */
  constructor(readonly wholeOfferFloor: Quantities) {}

  get size(): number {
    return this.#size;
  }

  get kinds(): Iterable<RequestKind> {
    return this.#kinds.values();
  }

  /** Something of the request waits. */
  add(request: Request): void {
    if (request.isWaiting) return;
    const [first] = request.waiting;
    if (first === undefined) return;
    const kind = this.#kindOf(request, first.requested);
    request.need = kind.need;
    request.isWaiting = true;
    kind.add(request);
    this.#size += 1;
  }

  /** Nothing of it waits any longer. */
  delete(request: Request): void {
    const { kind } = request;
    if (!request.isWaiting || kind === undefined) return;
    request.isWaiting = false;
    kind.delete();
    if (kind.size === 0) this.#kinds.delete(kind.key);
    this.#size -= 1;
  }

  *[Symbol.iterator](): Generator<Request, undefined> {
    for (const kind of this.#kinds.values()) yield* kind;
  }

  #kindOf(request: Request, requested: Quantities): RequestKind {
    const key = kindKeyOf(request, requested);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const need = request.allocate === undefined ? undefined : needOf(requested, this.wholeOfferFloor);
    const kind = new RequestKind(key, request.requirements.role, need);
    this.#kinds.set(key, kind);
    return kind;
  }
}
