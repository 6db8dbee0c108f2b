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
  readonly #agents = new Map<string, AgentAtHand>();
  readonly #indexes = new Map<string, CandidateIndex>();
  /** Agents with several offers, in the order of their ids. */
  readonly agentsWithSeveral: readonly AgentAtHand[];

  constructor(state: State, offers: readonly Offer[], requests: readonly Request[], now: number) {
    const several = new Set<AgentAtHand>();
    const byRole = new Map<string, Candidate[]>();
    const defaultRole = state.settings.roles[0] ?? '*';
    for (const offer of offers) {
      const agent = this.#agentOf(state, offer);
      const role = offer.allocation_info?.role ?? defaultRole;
      const candidate = new Candidate(agent.facts, role, offer);
      if (agent.add(candidate) > 1) several.add(agent);
      const ofRole = byRole.get(role);
      if (ofRole === undefined) byRole.set(role, [candidate]);
      else ofRole.push(candidate);
    }
    this.agentsWithSeveral = [...several].sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1));
    noteAgents(state, this.#agents.values(), now);
    for (const [role, candidates] of byRole) {
      const asking = requests.filter(({ requirements }) => requirements.role === role);
      if (asking.length > 0) this.#indexes.set(role, new CandidateIndex(candidates, totalsOf(candidates, asking)));
    }
  }

  #agentOf(state: State, offer: Offer): AgentAtHand {
    const known = this.#agents.get(offer.agent_id.value);
    if (known !== undefined) return known;
    const agent = new AgentAtHand(state, factsOf(offer));
    this.#agents.set(offer.agent_id.value, agent);
    return agent;
  }

  /** Offers to the role, in the order of best fit; undefined: there are none. */
  indexOf(role: string): CandidateIndex | undefined {
    return this.#indexes.get(role);
  }

  agentOf({ agent }: Candidate): AgentAtHand | undefined {
    return this.#agents.get(agent.id);
  }

  /** Joins offers of the agent until together they have room; undefined: not even all of them have. */
  combine(agent: AgentAtHand, role: string, need: Need, acceptsRevocable: boolean): Candidate | undefined {
    const candidates = agent.candidates.filter((candidate) => candidate.role === role).sort((a, b) => b.most('cpus') - a.most('cpus'));
    const [first, ...others] = candidates;
    if (first === undefined || !haveRoomTogether(candidates, need, acceptsRevocable)) return undefined;
    for (const other of others) {
      if (first.fits(need, acceptsRevocable)) break;
      this.indexOf(role)?.remove(other);
      agent.candidates = agent.candidates.filter((candidate) => candidate !== other);
      first.absorb(other);
    }
    this.indexOf(role)?.moved(first);
    return first;
  }

  /** Each offer once. */
  uses(): OfferUse[] {
    const uses: OfferUse[] = [];
    for (const { facts, candidates } of this.#agents.values()) {
      for (const { offers, matches } of candidates) uses.push({ agent: facts, offerIds: offers.map(({ id }) => id.value), matches });
    }
    return uses;
  }

  /** What is left, for those who ask later why something was not placed. */
  remember(state: State, now: number): void {
    noteLeft(state, this.#agents.values());
    for (const { candidates } of this.#agents.values()) rememberOffers(state.leader.seenOffers, candidates, now);
  }
}

const haveRoomTogether = (candidates: readonly Candidate[], need: Need, acceptsRevocable: boolean): boolean => {
  const names = ['cpus', 'mem', 'disk', 'gpus', 'ports'] as const;
  return names.every((name) => candidates.reduce((sum, candidate) => sum + candidate.room(name, acceptsRevocable), 0) >= need[name]);
};
