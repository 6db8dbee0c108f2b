import type { Resource } from '../model.js';
import { workloadKey } from './workload-key.js';

/**
 * On which agents which workload lives: an index of the running resources that are ALLOCATED, or whose task has been running
 * and ready for long enough to be. Thousands of early deaths of one workload each ask whether it lives on another agent.
 */
export class LivingWorkloads {
  readonly #agents = new Map<string, Map<string, Set<Resource>>>();

  add(resource: Resource): void {
    if (resource.placement === undefined) return;
    const key = workloadKey(resource.request);
    let agents = this.#agents.get(key);
    if (agents === undefined) this.#agents.set(key, (agents = new Map()));
    const { agentId } = resource.placement;
    const living = agents.get(agentId);
    if (living === undefined) agents.set(agentId, new Set([resource]));
    else living.add(resource);
  }

  /** To be called while the resource still has the placement with which it was added. */
  delete(resource: Resource): void {
    const { request, placement } = resource;
    if (placement === undefined) return;
    const key = workloadKey(request);
    const agents = this.#agents.get(key);
    const living = agents?.get(placement.agentId);
    if (agents === undefined || living?.delete(resource) !== true || living.size > 0) return;
    agents.delete(placement.agentId);
    if (agents.size === 0) this.#agents.delete(key);
  }

  /** Whether a task of the same workload, of whichever request, lives on another agent. */
  hasOffAgent({ request }: Pick<Resource, 'request'>, agentId: string): boolean {
    const agents = this.#agents.get(workloadKey(request));
    return agents !== undefined && (agents.size > 1 || !agents.has(agentId));
  }
}
