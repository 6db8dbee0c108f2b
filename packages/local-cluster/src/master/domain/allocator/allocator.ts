// The hierarchical allocator without quota: what is free on agents goes to those who want it, in fair order
// (allocator/mesos/hierarchical.cpp: generateOffers, __generateOffers).
import type { AgentRecord, FrameworkRecord, MasterState, OfferRecord } from '../master-state.js';
import type { Turn } from '../turn.js';
import { generateInverseOffers } from '../maintenance/inverse-offers.js';
import { allocatableTo, hasRefinedReservations, isReserved } from '../../../resources/reservations.js';
import { subtract, type Resources } from '../../../resources/resources.js';
import { hasCapability } from '../validation/framework-info.js';
import { isCapableOfReceiving } from './capabilities.js';
import { isExcluded } from './offer-constraints.js';
import { isAllocatable, isFiltered } from './offer-filters.js';
import { inOfferOrder } from './offer-order.js';
import { sendOffers } from './offers.js';
import { frameworksInOrder, rolesInOrder, track } from './shares.js';

type Made = Omit<OfferRecord, 'id' | 'frameworkId'>;

/** Asks for the agents to be offered when the turn has ended: the allocator has its own time, as in Mesos its own process. */
export function requestAllocation(master: MasterState, agents: Iterable<AgentRecord> | 'all'): void {
  if (agents === 'all') master.allocation.all = true;
  else for (const { id } of agents) master.allocation.agents.add(id);
}

/** Numerical Recipes' generator: the order of agents need not be good randomness, only fair. */
const nextRandom = (master: MasterState, below: number): number => {
  master.next.random = (Math.imul(master.next.random, 1664525) + 1013904223) >>> 0;
  return Math.floor((master.next.random / 2 ** 32) * below);
};

const shuffle = (master: MasterState, agents: AgentRecord[]): AgentRecord[] => {
  for (let index = agents.length - 1; index > 0; index -= 1) {
    const other = nextRandom(master, index + 1);
    const [left, right] = [agents[index], agents[other]];
    if (left === undefined || right === undefined) continue;
    agents[index] = right;
    agents[other] = left;
  }
  return agents;
};

/** What of the agent is for the role, as far as the framework can understand it. */
const partFor = (framework: FrameworkRecord, role: string, available: Resources): Resources => {
  if (!available.some((quantity) => isReserved(quantity))) return available;
  const forRole = allocatableTo(available, role);
  const isPlain = hasCapability(framework.info, 'RESERVATION_REFINEMENT') || !forRole.some(hasRefinedReservations);
  return isPlain ? forRole : forRole.filter((quantity) => !hasRefinedReservations(quantity));
};

const wants = (master: MasterState, framework: FrameworkRecord, role: string, agent: AgentRecord, part: Resources, now: number): boolean =>
  framework.state === 'active' &&
  part.length > 0 &&
  !isFiltered(framework, role, agent.id, part, now) &&
  isAllocatable(framework, role, part, master.settings) &&
  !isExcluded(framework, role, agent.info) &&
  isCapableOfReceiving(master, framework, agent);

const shareOut = (master: MasterState, agent: AgentRecord, made: Map<FrameworkRecord, Made[]>, now: number): void => {
  for (const role of rolesInOrder(master)) {
    if (agent.available.length === 0) return;
    for (const frameworkId of frameworksInOrder(master, role)) {
      const framework = master.frameworks.get(frameworkId);
      if (framework === undefined) continue;
      const resources = partFor(framework, role, agent.available);
      if (!wants(master, framework, role, agent, resources, now)) continue;
      agent.available = resources.length === agent.available.length ? [] : subtract(agent.available, resources);
      track(master, framework, role, resources);
      const offers = made.get(framework);
      const offer = { agentId: agent.id, role, resources: inOfferOrder(resources), madeAt: now };
      if (offers === undefined) made.set(framework, [offer]);
      else offers.push(offer);
    }
  }
};

/** Does what was asked for with `requestAllocation`. */
export function runAllocation(master: MasterState, turn: Turn): void {
  const { all, agents: ids } = master.allocation;
  if (!all && ids.size === 0) return;
  const isCandidate = (agentId: string): boolean => all || ids.has(agentId);
  const candidates = all ? [...master.agents.values()] : [...ids].map((id) => master.agents.get(id)).filter((agent) => agent !== undefined);
  if (!master.faults.offersWithheld) {
    const made = new Map<FrameworkRecord, Made[]>();
    const free = candidates.filter((agent) => agent.active && agent.available.length > 0);
    for (const agent of shuffle(master, free)) shareOut(master, agent, made, turn.now);
    for (const [framework, offers] of made) sendOffers(master, framework, offers, turn);
  }
  generateInverseOffers(master, isCandidate, turn);
  master.allocation.all = false;
  ids.clear();
}
