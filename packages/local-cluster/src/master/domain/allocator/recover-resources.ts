// Resources on their way back from an offer or a task (allocator/mesos/hierarchical.cpp, recoverResources).
import type { Filters } from '../../../generated/protocol.js';
import type { FrameworkRecord, MasterState } from '../master-state.js';
import { addFilter, refusalMs } from './offer-filters.js';
import { add, type Resources } from '../../../resources/resources.js';
import { untrack } from './shares.js';

/** Gives resources back, with a filter if the framework refused them. */
export function recoverResources(
  master: MasterState,
  framework: FrameworkRecord | undefined,
  from: { readonly agentId: string; readonly role: string; readonly resources: Resources },
  filters: Filters | undefined,
  now: number,
): void {
  if (from.resources.length === 0) return;
  const agent = master.agents.get(from.agentId);
  // The same list comes back: what was found out of it for one offer holds for the next.
  if (agent !== undefined) agent.available = agent.available.length === 0 ? from.resources : add(agent.available, from.resources);
  if (framework === undefined) return;
  untrack(master, framework, from.role, from.resources);
  if (filters === undefined || agent === undefined) return;
  const ms = refusalMs(filters, master.settings.allocationIntervalMs);
  if (ms > 0) addFilter(framework, from.role, from.agentId, from.resources, now + ms);
}
