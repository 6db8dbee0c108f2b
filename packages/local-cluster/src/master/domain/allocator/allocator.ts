// The hierarchical allocator without quota and reservations: whole agents' rests, in fair order
// (allocator/mesos/hierarchical.cpp, __generateOffers).
import { hasCapability } from '../validation/framework-info.js';
import type { AgentRecord, FrameworkRecord, MasterState, OfferRecord, Turn } from '../master-state.js';
import { isExcluded } from './offer-constraints.js';
import { isAllocatable, isFiltered } from './offer-filters.js';
import { sendOffers } from './offers.js';
import { inOfferOrder, scalarMilli } from '../../../resources/resources.js';
import { frameworksInOrder, rolesInOrder, totals, track } from './shares.js';

/** Numerical Recipes' generator: the order of agents need not be good randomness, only fair. */
const nextRandom = (master: MasterState, below: number): number => {
  master.next.random = (Math.imul(master.next.random, 1664525) + 1013904223) >>> 0;
  return Math.floor((master.next.random / 2 ** 32) * below);
};

const shuffled = (master: MasterState, agents: AgentRecord[]): AgentRecord[] => {
  const result = [...agents];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = nextRandom(master, index + 1);
    const [left, right] = [result[index], result[other]];
    if (left === undefined || right === undefined) continue;
    result[index] = right;
    result[other] = left;
  }
  return result;
};

const takes = (master: MasterState, framework: FrameworkRecord, role: string, agent: AgentRecord, now: number): boolean =>
  !isExcluded(framework, role, agent.info) &&
  isAllocatable(framework, role, agent.available, master.settings) &&
  (scalarMilli(agent.info.resources, 'gpus') === 0 || hasCapability(framework.info, 'GPU_RESOURCES')) &&
  !isFiltered(framework, role, agent.id, agent.available, now);

/** Offers what is free on the agents to those who want it. */
export function allocate(master: MasterState, candidates: Iterable<AgentRecord>, turn: Turn): void {
  if (master.faults.offersWithheld) return;
  const agents = shuffled(
    master,
    [...candidates].filter((agent) => agent.available.length > 0),
  );
  if (agents.length === 0) return;
  const total = totals(master);
  const offered = new Map<FrameworkRecord, Omit<OfferRecord, 'id' | 'frameworkId'>[]>();
  for (const agent of agents) {
    const taker = rolesInOrder(master, total)
      .flatMap((role) => frameworksInOrder(master, role, total).map((framework) => ({ role, framework })))
      .find(({ role, framework }) => takes(master, framework, role, agent, turn.now));
    if (taker === undefined) continue;
    const resources = inOfferOrder(agent.available);
    agent.available = [];
    track(master, taker.framework, taker.role, resources);
    offered.set(taker.framework, [
      ...(offered.get(taker.framework) ?? []),
      { agentId: agent.id, role: taker.role, resources, madeAt: turn.now },
    ]);
  }
  for (const [framework, offers] of offered) sendOffers(master, framework, offers, turn);
}
