import type { Request, Resource } from '../model.js';

/** All requests by key, with an index by owner: a client asks about its own, and there may be thousands of others. */
export class RequestsByOwner extends Map<string, Request> {
  readonly #byOwner = new Map<string, Set<Request>>();

  override set(key: string, request: Request): this {
    this.delete(key);
    const owned = this.#byOwner.get(request.owner);
    if (owned === undefined) this.#byOwner.set(request.owner, new Set([request]));
    else owned.add(request);
    return super.set(key, request);
  }

  override delete(key: string): boolean {
    const request = this.get(key);
    if (request === undefined) return false;
    const owned = this.#byOwner.get(request.owner);
    owned?.delete(request);
    if (owned?.size === 0) this.#byOwner.delete(request.owner);
    return super.delete(key);
  }

  override clear(): void {
    this.#byOwner.clear();
    super.clear();
  }

  of(owner: string): Iterable<Request> {
    return this.#byOwner.get(owner) ?? [];
  }

  /** In the order of their numbers, ended ones too while they are kept. */
  resourcesOf(owner: string): Resource[] {
    return [...this.of(owner)].flatMap(({ resources }) => [...resources]).sort((a, b) => a.number - b.number);
  }
}
