// Inverse offers: frameworks that have something on an agent with maintenance ahead are asked to leave it
// (hierarchical.cpp: generateInverseOffers, updateInverseOffer; master.cpp: inverseOffer, acceptInverseOffers, declineInverseOffers).
import type { Call, Filters, InverseOffer } from '../../../generated/protocol.js';
import { refusalMs } from '../allocator/offer-filters.js';
import { newOfferId } from '../allocator/offers.js';
import type { AgentRecord, FrameworkRecord, MasterState } from '../master-state.js';
import { sendEvent, type Turn } from '../turn.js';
import type { InverseOfferRecord } from '../master-state.js';
import type { InverseOfferStatus, MaintenanceAnswers, Unavailability } from './records.js';
import { holdsNothing } from '../task.js';
import { agentsOn, scheduledMachines } from './machines.js';

const answersOf = (master: MasterState, agentId: string): MaintenanceAnswers => {
  const answers = master.maintenanceAnswers.get(agentId) ?? { outstanding: new Set(), statuses: new Map() };
  master.maintenanceAnswers.set(agentId, answers);
  return answers;
};

/** Frameworks are asked anew (HierarchicalAllocatorProcess::updateUnavailability, removeSlave). */
export function forgetMaintenance(master: MasterState, agentId: string): void {
  master.maintenanceAnswers.delete(agentId);
  for (const framework of master.frameworks.values()) framework.inverseOfferFilters.delete(agentId);
}

/** Those with something offered or allocated on the agent. */
const holders = (master: MasterState, agent: AgentRecord): FrameworkRecord[] => {
  const tasks = [...agent.tasks.values()].filter(({ state }) => !holdsNothing(state));
  const ids = new Set([...tasks, ...agent.executors.values(), ...agent.offers.values()].map(({ frameworkId }) => frameworkId));
  return [...ids].map((id) => master.frameworks.get(id)).filter((framework) => framework !== undefined);
};

const toWire = (offer: InverseOfferRecord, { info: { hostname, ip, port } }: AgentRecord): InverseOffer => ({
  id: { value: offer.id },
  url: { scheme: 'http', address: { hostname, ip, port }, path: '/slave(1)' },
  framework_id: { value: offer.frameworkId },
  agent_id: { value: offer.agentId },
  unavailability: offer.unavailability,
});

const send = (
  master: MasterState,
  framework: FrameworkRecord,
  asked: readonly { readonly agent: AgentRecord; readonly unavailability: Unavailability }[],
  turn: Turn,
): void => {
  const offers = asked.map(({ agent, unavailability }) => {
    const offer = { id: newOfferId(master), frameworkId: framework.id, agentId: agent.id, unavailability, madeAt: turn.now };
    for (const owner of [master.inverseOffers, framework.inverseOffers, agent.inverseOffers]) owner.set(offer.id, offer);
    return toWire(offer, agent);
  });
  sendEvent(framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: offers } }, turn);
};

/** Asks those that have not been asked yet, or answered and whose filter is over. */
export function generateInverseOffers(master: MasterState, isCandidate: (agentId: string) => boolean, turn: Turn): void {
  const asked = new Map<FrameworkRecord, { readonly agent: AgentRecord; readonly unavailability: Unavailability }[]>();
  for (const machine of scheduledMachines(master)) {
    const { unavailability } = machine;
    if (unavailability === undefined) continue;
    for (const agent of agentsOn(master, machine).filter(({ id }) => isCandidate(id)))
      for (const framework of holders(master, agent)) {
        const { outstanding } = answersOf(master, agent.id);
        const filteredUntil = framework.inverseOfferFilters.get(agent.id) ?? 0;
        if (framework.state !== 'active' || outstanding.has(framework.id) || filteredUntil > turn.now) continue;
        outstanding.add(framework.id);
        // The allocator believes the question asked, but the master doesn't ask it of an agent that is not active.
        if (agent.active) asked.set(framework, [...(asked.get(framework) ?? []), { agent, unavailability }]);
      }
  }
  for (const [framework, list] of asked) send(master, framework, list, turn);
}

/** Takes it off the books. The framework may be asked again; `status`: what it answered. */
const removeInverseOffer = (master: MasterState, offer: InverseOfferRecord, status?: InverseOfferStatus): void => {
  const agent = master.agents.get(offer.agentId);
  for (const owner of [master.inverseOffers, master.frameworks.get(offer.frameworkId)?.inverseOffers, agent?.inverseOffers])
    owner?.delete(offer.id);
  const answers = master.maintenanceAnswers.get(offer.agentId);
  if (answers?.outstanding.delete(offer.frameworkId) && status !== undefined) answers.statuses.set(offer.frameworkId, status);
};

export function rescindInverseOffer(master: MasterState, offer: InverseOfferRecord, turn: Turn): void {
  const framework = master.frameworks.get(offer.frameworkId);
  removeInverseOffer(master, offer);
  if (framework === undefined) return;
  sendEvent(framework, { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id: { value: offer.id } } }, turn);
}

export function rescindInverseOffers(master: MasterState, { inverseOffers }: AgentRecord | FrameworkRecord, turn: Turn): void {
  for (const offer of [...inverseOffers.values()]) rescindInverseOffer(master, offer, turn);
}

/** Without telling the framework, which is gone or starts anew. */
export function discardInverseOffers(master: MasterState, { inverseOffers }: FrameworkRecord): void {
  for (const offer of [...inverseOffers.values()]) removeInverseOffer(master, offer);
}

/** Unknown ids are passed over, and it need not be the framework that was asked: Mesos doesn't look. */
const answer = (
  master: MasterState,
  ids: readonly { readonly value: string }[],
  status: InverseOfferStatus['status'],
  filters: Filters,
  now: number,
): void => {
  for (const { value } of ids) {
    const offer = master.inverseOffers.get(value);
    if (offer === undefined) continue;
    removeInverseOffer(master, offer, { status, framework_id: { value: offer.frameworkId }, timestamp: { nanoseconds: now * 1_000_000 } });
    const until = now + refusalMs(filters, 0);
    const filtered = master.frameworks.get(offer.frameworkId)?.inverseOfferFilters;
    if (until > now) filtered?.set(offer.agentId, Math.max(until, filtered.get(offer.agentId) ?? 0));
  }
};

export const acceptInverseOffers = (master: MasterState, call: Call.AcceptInverseOffers, turn: Turn): void =>
  answer(master, call.inverse_offer_ids ?? [], 'ACCEPT', call.filters ?? {}, turn.now);

export const declineInverseOffers = (master: MasterState, call: Call.DeclineInverseOffers, turn: Turn): void =>
  answer(master, call.inverse_offer_ids ?? [], 'DECLINE', call.filters ?? {}, turn.now);
