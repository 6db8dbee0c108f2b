// Offers from the moment they are made to the moment they are gone.
import type { Filters, Offer, Resource } from '../../../generated/protocol.js';
import { unavailabilityOf } from '../maintenance/machines.js';
import { hasCapability } from '../validation/framework-info.js';
import type { AgentRecord, FrameworkRecord, MasterState, OfferRecord } from '../master-state.js';
import { sendEvent, type Turn } from '../turn.js';
import { recoverResources } from './recover-resources.js';
import { downgradeResource } from '../../../resources/resource-format.js';
import { toWire, type Resources } from '../../../resources/resources.js';

interface Spelled {
  readonly role: string | undefined;
  readonly isRefined: boolean;
  readonly wire: Resource[];
}

/** An agent is often offered again as it was. */
const spelled = new WeakMap<Resources, Spelled>();

const resourcesToWire = (resources: Resources, role: string | undefined, isRefined: boolean): Resource[] => {
  const known = spelled.get(resources);
  if (known?.role === role && known?.isRefined === isRefined) return known.wire;
  const all = toWire(resources, role);
  const wire = isRefined ? all : all.map(downgradeResource).filter((each) => each !== undefined);
  spelled.set(resources, { role, isRefined, wire });
  return wire;
};

export function offerToWire(master: MasterState, offer: OfferRecord, agent: AgentRecord, framework: FrameworkRecord): Offer {
  const { hostname, ip, port, attributes, domain } = agent.info;
  // Frameworks without MULTI_ROLE never see allocations (master.cpp, Master::offer).
  const role = hasCapability(framework.info, 'MULTI_ROLE') ? offer.role : undefined;
  const unavailability = unavailabilityOf(master, agent);
  const executorIds = [...agent.executors.values()].filter(({ frameworkId }) => frameworkId === framework.id).map(({ id }) => id);
  return {
    id: { value: offer.id },
    framework_id: { value: offer.frameworkId },
    agent_id: { value: offer.agentId },
    hostname,
    url: { scheme: 'http', address: { hostname, ip, port }, path: '/slave(1)' },
    ...(domain === undefined ? {} : { domain }),
    resources: resourcesToWire(offer.resources, role, hasCapability(framework.info, 'RESERVATION_REFINEMENT')),
    ...(attributes.length === 0 ? {} : { attributes: [...attributes] }),
    ...(executorIds.length === 0 ? {} : { executor_ids: executorIds.map((value) => ({ value })) }),
    ...(unavailability === undefined ? {} : { unavailability }),
    ...(role === undefined ? {} : { allocation_info: { role } }),
  };
}

/** Offers and inverse offers are numbered together. */
export function newOfferId(master: MasterState): string {
  const id = `${master.info.id}-O${master.next.offer}`;
  master.next.offer += 1;
  return id;
}

export function sendOffers(
  master: MasterState,
  framework: FrameworkRecord,
  made: readonly Omit<OfferRecord, 'id' | 'frameworkId'>[],
  turn: Turn,
): void {
  const offers: Offer[] = [];
  for (const each of made) {
    const agent = master.agents.get(each.agentId);
    if (agent === undefined) continue;
    const offer: OfferRecord = { ...each, id: newOfferId(master), frameworkId: framework.id };
    for (const owner of [master.offers, framework.offers, agent.offers]) owner.set(offer.id, offer);
    offers.push(offerToWire(master, offer, agent, framework));
  }
  sendEvent(framework, { type: 'OFFERS', offers: { offers } }, turn);
}

/** Forgets the offer; what it held is still accounted for by the caller. */
export function forgetOffer(master: MasterState, offer: OfferRecord): void {
  master.offers.delete(offer.id);
  master.frameworks.get(offer.frameworkId)?.offers.delete(offer.id);
  master.agents.get(offer.agentId)?.offers.delete(offer.id);
}

export function discardOffer(master: MasterState, offer: OfferRecord, filters: Filters | undefined, now: number): void {
  forgetOffer(master, offer);
  recoverResources(master, master.frameworks.get(offer.frameworkId), offer, filters, now);
}

export function rescindOffer(master: MasterState, offer: OfferRecord, turn: Turn): void {
  const framework = master.frameworks.get(offer.frameworkId);
  discardOffer(master, offer, undefined, turn.now);
  if (framework !== undefined) sendEvent(framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } }, turn);
}

export function rescindOffersOfAgent(master: MasterState, agent: AgentRecord, turn: Turn): void {
  for (const offer of [...agent.offers.values()]) rescindOffer(master, offer, turn);
}

/** Why these offers can't be used together, in Mesos's words (src/master/validation.cpp, namespace offer). */
export function offersError(master: MasterState, framework: FrameworkRecord, offerIds: readonly string[]): string | undefined {
  if (offerIds.length === 0) return 'No offers specified';
  const duplicate = offerIds.find((id, index) => offerIds.indexOf(id) !== index);
  if (duplicate !== undefined) return `Duplicate offer ${duplicate} in offer list`;
  const offers: OfferRecord[] = [];
  for (const id of offerIds) {
    const offer = master.offers.get(id);
    if (offer === undefined) return `Offer ${id} is no longer valid`;
    offers.push(offer);
  }
  const first = offers[0];
  if (first === undefined) return undefined;
  const foreign = offers.find((offer) => offer.frameworkId !== framework.id);
  if (foreign !== undefined)
    return `Offer ${foreign.id} has invalid framework ${foreign.frameworkId} while framework ${framework.id} is expected`;
  const otherRole = offers.find((offer) => offer.role !== first.role);
  if (otherRole !== undefined)
    // The odd quotes are Mesos's.
    return `Aggregated offers must be allocated to the same role. Offer ${otherRole.id} uses role '${otherRole.role} but another is using role '${first.role}`;
  const otherAgent = offers.find((offer) => offer.agentId !== first.agentId);
  if (otherAgent !== undefined)
    return `Aggregated offers must belong to one single agent. Offer ${otherAgent.id} uses agent ${otherAgent.agentId} and agent ${first.agentId}`;
  return undefined;
}
