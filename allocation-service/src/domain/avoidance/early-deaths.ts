import type { Request } from '../model.js';
import { workloadKey } from './workload-key.js';

/** The agents on which tasks died early, by when: an index of `Request.avoided`, which is what is durable of it. */
export class EarlyDeaths {
  readonly #requests = new Map<string, Set<Request>>();
  /** Grows with every change. */
  version = 0;

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  agents(): Iterable<string> {
    return this.#requests.keys();
  }

  add(request: Request, agentId: string): void {
    const requests = this.#requests.get(agentId);
    if (requests === undefined) this.#requests.set(agentId, new Set([request]));
    else requests.add(request);
    this.version += 1;
  }

  delete(request: Request, agentId: string): void {
    const requests = this.#requests.get(agentId);
    if (requests?.delete(request) !== true) return;
    if (requests.size === 0) this.#requests.delete(agentId);
    this.version += 1;
  }

  /**
   * Since when everybody avoids the agent: two workloads that differ died on it, or one that lives elsewhere. A single
   * workload that dies wherever it is launched says nothing about agents.
   */
  blamedSince(agentId: string): number | undefined {
    let last = 0;
    let isProven = false;
    let workload: string | undefined;
    for (const request of this.#requests.get(agentId) ?? []) {
      last = Math.max(last, request.avoided.get(agentId) ?? 0);
      const key = workloadKey(request);
      isProven ||= request.livesElsewhere.has(agentId) || (workload !== undefined && workload !== key);
      workload ??= key;
    }
    return isProven ? last : undefined;
  }

  requestsOf(agentId: string): Iterable<Request> {
    return this.#requests.get(agentId) ?? [];
  }
}
