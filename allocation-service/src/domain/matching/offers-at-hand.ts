import type { Offer } from '@streams-on-mesos/mesos';
import type { Request, State } from '../model.js';
import { factsOf } from './agent-facts.js';
import { AgentAtHand } from './agent-at-hand.js';
import { Candidate } from './candidate.js';
import { CandidateIndex } from './candidate-index.js';
import { totalsOf } from './dominant-share.js';
import { noteAgents, noteLeft } from './known-agents.js';
import type { OfferUse } from './matching.js';
import type { Need } from './need.js';
import { rememberOffers } from './seen-offers.js';

/** All offers of one event while resources are placed on them. */
export class OffersAtHand {
  readonly #candidates = new Set<Candidate>();
  readonly #agents = new Map<string, AgentAtHand>();
  readonly #indexes = new Map<string, CandidateIndex>();
  /** Those with several offers to one role. */
  readonly #several: AgentAtHand[] = [];

  constructor(state: State, offers: readonly Offer[], requests: readonly Request[], now: number) {
    const defaultRole = state.settings.roles[0] ?? '*';
    for (const offer of offers) this.#add(state, new Candidate(factsOf(offer), offer.allocation_info?.role ?? defaultRole, offer));
    noteAgents(state, this.#candidates, now);
    this.#several.sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1));
    if (requests.length > 0) this.#index(requests);
  }

  #add(state: State, candidate: Candidate): void {
    const { id } = candidate.agent;
    const agent = this.#agents.get(id) ?? new AgentAtHand(state, candidate.agent);
    this.#agents.set(id, agent);
    if (agent.candidates.length === 1) this.#several.push(agent);
    agent.candidates.push(candidate);
    this.#candidates.add(candidate);
  }

  #index(requests: readonly Request[]): void {
    const byRole = new Map<string, Candidate[]>();
    for (const candidate of this.#candidates) {
      const ofRole = byRole.get(candidate.role);
      if (ofRole === undefined) byRole.set(candidate.role, [candidate]);
      else ofRole.push(candidate);
    }
    for (const [role, candidates] of byRole) {
      const ofRole = requests.filter(({ requirements }) => requirements.role === role);
      this.#indexes.set(role, new CandidateIndex(candidates, totalsOf(candidates, ofRole)));
    }
  }

  /** Offers to the role, in the order of best fit; undefined: there are none. */
  indexOf(role: string): CandidateIndex | undefined {
    return this.#indexes.get(role);
  }

  agentOf({ agent }: Candidate): AgentAtHand | undefined {
    return this.#agents.get(agent.id);
  }

  /** Agents with several offers to one role, in the order of their ids. */
  get agentsWithSeveral(): readonly AgentAtHand[] {
    return this.#several;
  }

  /** Joins offers of the agent until together they have room; undefined: not even all of them have. */
  combine(agent: AgentAtHand, role: string, need: Need, acceptsRevocable: boolean): Candidate | undefined {
    const candidates = agent.candidates.filter((candidate) => candidate.role === role).sort((a, b) => b.most('cpus') - a.most('cpus'));
    const [first, ...others] = candidates;
    if (first === undefined || !haveRoomTogether(candidates, need, acceptsRevocable)) return undefined;
    for (const other of others) {
      if (first.fits(need, acceptsRevocable)) break;
      this.indexOf(role)?.remove(other);
      this.#candidates.delete(other);
      agent.candidates = agent.candidates.filter((candidate) => candidate !== other);
      first.absorb(other);
    }
    return first;
  }

  /** Each offer once. */
  uses(): OfferUse[] {
    return [...this.#candidates].map(({ agent, offers, matches }) => ({ agent, offerIds: offers.map(({ id }) => id.value), matches }));
  }

  /** What is left, for those who ask later why something was not placed. */
  remember(state: State, now: number): void {
    noteLeft(state, this.#candidates);
    rememberOffers(state.leader.seenOffers, this.#candidates, now);
  }
}

const haveRoomTogether = (candidates: readonly Candidate[], need: Need, acceptsRevocable: boolean): boolean => {
  const names = ['cpus', 'mem', 'disk', 'gpus', 'ports'] as const;
  return names.every((name) => candidates.reduce((sum, candidate) => sum + candidate.room(name, acceptsRevocable), 0) >= need[name]);
};
