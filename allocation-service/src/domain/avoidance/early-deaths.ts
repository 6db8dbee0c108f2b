import type { Request } from '../model.js';
import { workloadKey } from './workload-key.js';

/** An agent that everybody avoids, and since when. */
export interface Blamed {
  readonly agentId: string;
  readonly since: number;
}

/** Negative when `a` is avoided rather than `b`: tasks died on it later. */
export const compareBlamed = (a: Blamed, b: Blamed): number =>
  b.since - a.since || (a.agentId < b.agentId ? -1 : a.agentId > b.agentId ? 1 : 0);

/**
 * The agents on which tasks died early, by when: an index of `Request.avoided` and `Request.livesElsewhere`, of which there are
 * records. Everybody avoids an agent on which two workloads that differ died, or one that lives elsewhere: a single
 * workload that dies wherever it is launched says nothing about agents.
 */
export class EarlyDeaths {
  readonly #requests = new Map<string, Set<Request>>();
  readonly #blamed = new Map<string, number>();
  /** Agents of which something was forgotten, so that it has to be found anew whether they are to blame. */
  readonly #stale = new Set<string>();
  /** The blamed ones, as compareBlamed orders them; undefined: changed since. */
  #order: Blamed[] | undefined;
  /** By workload: requests with the agents of which it is not known that the workload lives elsewhere. */
  readonly #unproven = new Map<string, Map<Request, Set<string>>>();

  get isEmpty(): boolean {
    return this.#requests.size === 0;
  }

  agents(): Iterable<string> {
    return this.#requests.keys();
  }

  requestsOf(agentId: string): Iterable<Request> {
    return this.#requests.get(agentId) ?? [];
  }

  /** To be called after `request.avoided` and `request.livesElsewhere` have changed. */
  add(request: Request, agentId: string): void {
    let requests = this.#requests.get(agentId);
    if (requests === undefined) this.#requests.set(agentId, (requests = new Set()));
    const [first = request] = requests;
    requests.add(request);
    const livesElsewhere = request.livesElsewhere.has(agentId);
    if (!livesElsewhere) this.#noteUnproven(request, agentId);
    if (this.#blamed.has(agentId) || livesElsewhere || workloadKey(first) !== workloadKey(request)) this.#stale.add(agentId);
  }

  delete(request: Request, agentId: string): void {
    const requests = this.#requests.get(agentId);
    if (requests?.delete(request) !== true) return;
    if (requests.size === 0) this.#requests.delete(agentId);
    this.#forgetUnproven(request, agentId);
    if (this.#blamed.has(agentId) || this.#stale.has(agentId)) this.#stale.add(agentId);
  }

  /** A task lives on the agent, so other agents are to blame for deaths of its workload. @returns the requests that this changed, and for which agents */
  proveBy(living: Request, agentId: string): Map<Request, readonly string[]> {
    const changed = new Map<Request, readonly string[]>();
    for (const [request, agents] of this.#unproven.get(workloadKey(living)) ?? []) {
      const others = [...agents].filter((other) => other !== agentId);
      for (const other of others) {
        request.livesElsewhere.add(other);
        this.#forgetUnproven(request, other);
        this.#stale.add(other);
      }
      if (others.length > 0) changed.set(request, others);
    }
    return changed;
  }

  /** Since when everybody avoids the agent. */
  blamedSince(agentId: string): number | undefined {
    this.#refresh();
    return this.#blamed.get(agentId);
  }

  /** All agents that everybody avoids, as compareBlamed orders them. */
  get blamed(): readonly Blamed[] {
    this.#refresh();
    return (this.#order ??= [...this.#blamed].map(([agentId, since]) => ({ agentId, since })).sort(compareBlamed));
  }

  #refresh(): void {
    if (this.#stale.size === 0) return;
    for (const agentId of this.#stale) {
      const since = this.#findBlame(agentId);
      if (since === undefined) this.#blamed.delete(agentId);
      else this.#blamed.set(agentId, since);
    }
    this.#stale.clear();
    this.#order = undefined;
  }

  #findBlame(agentId: string): number | undefined {
    let last = 0;
    let isProven = false;
    let workload: string | undefined;
    for (const request of this.requestsOf(agentId)) {
      last = Math.max(last, request.avoided.get(agentId) ?? 0);
      const key = workloadKey(request);
      isProven ||= request.livesElsewhere.has(agentId) || (workload !== undefined && workload !== key);
      workload ??= key;
    }
    return isProven ? last : undefined;
  }

  #noteUnproven(request: Request, agentId: string): void {
    const key = workloadKey(request);
    let requests = this.#unproven.get(key);
    if (requests === undefined) this.#unproven.set(key, (requests = new Map()));
    const agents = requests.get(request);
    if (agents === undefined) requests.set(request, new Set([agentId]));
    else agents.add(agentId);
  }

  #forgetUnproven(request: Request, agentId: string): void {
    const key = workloadKey(request);
    const requests = this.#unproven.get(key);
    const agents = requests?.get(request);
    if (requests === undefined || agents?.delete(agentId) !== true || agents.size > 0) return;
    requests.delete(request);
    if (requests.size === 0) this.#unproven.delete(key);
  }
}
