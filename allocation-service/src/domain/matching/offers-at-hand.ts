import type { Offer } from '@streams-on-mesos/mesos';
import type { State } from '../model.js';
import { factsOf } from '../agents/agent-facts.js';
import { amountNames } from './amounts.js';
import { Candidate } from './candidate.js';
import { CandidateIndex } from './candidate-index.js';
import { totalsOf } from './dominant-share.js';
import { forgetOldest } from '../agents/forget-oldest.js';
import { KnownAgent } from '../agents/known-agent.js';
import type { OfferUse } from './matching.js';
import type { Need } from './need.js';
import type { RequestKind } from '../waiting/request-kind.js';

/** Above the largest clusters that Mesos is known to run; the agents not offered for longest are forgotten first. */
const AGENTS_KEPT = 50_000;

/** All offers of one event while resources are placed on them. */
export class OffersAtHand {
  readonly #agents: KnownAgent[] = [];
  /** Those that need more than any offer has, which only become less. */
  readonly #withoutRoom = new Set<RequestKind>();
  readonly #indexes = new Map<string, CandidateIndex>();
  /** Agents with several offers, in the order of their ids. */
  readonly agentsWithSeveral: readonly KnownAgent[];

  constructor(state: State, offers: readonly Offer[], now: number) {
    state.leader.matchings += 1;
    state.leader.earmarkSearches = 0;
    const several = new Set<KnownAgent>();
    const byRole = new Map<string, Candidate[]>();
    const defaultRole = state.settings.roles[0] ?? '*';
    for (const offer of offers) {
      const agent = this.#agentOf(state, offer, now);
      const role = offer.allocation_info?.role ?? defaultRole;
      const candidate = new Candidate(agent.facts, role, offer);
      if (agent.add(candidate) > 1) several.add(agent);
      const ofRole = byRole.get(role);
      if (ofRole === undefined) byRole.set(role, [candidate]);
      else ofRole.push(candidate);
    }
    forgetOldest(state.leader.agents, AGENTS_KEPT);
    this.agentsWithSeveral = [...several].sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1));
    for (const [role, candidates] of byRole) {
      const totals = totalsOf(candidates, role, state.waiting.kinds);
      if (totals !== undefined) this.#indexes.set(role, new CandidateIndex(candidates, totals));
    }
  }

  #agentOf(state: State, offer: Offer, now: number): KnownAgent {
    const { agents, matchings } = state.leader;
    const id = offer.agent_id.value;
    const known = agents.get(id);
    if (known?.matching === matchings) return known;
    // Anew, so that the agent not offered for longest comes first.
    if (known !== undefined) agents.delete(id);
    const agent = new KnownAgent(state, factsOf(offer), matchings, now, known);
    agents.set(id, agent);
    this.#agents.push(agent);
    return agent;
  }

  /** Offers to the role, in the order of best fit; undefined: there are none. */
  indexOf(role: string): CandidateIndex | undefined {
    return this.#indexes.get(role);
  }

  /** False: none of the offers has room for a resource of such a request, whatever else it requires. */
  mayHaveRoomFor(kind: RequestKind): boolean {
    if (this.#withoutRoom.has(kind)) return false;
    const index = this.indexOf(kind.role);
    // Together several offers may have room.
    if (index !== undefined && (this.agentsWithSeveral.length > 0 || kind.need === undefined || index.mayHaveRoom(kind.need))) return true;
    this.#withoutRoom.add(kind);
    return false;
  }

  /** Joins offers of the agent until together they have room; undefined: not even all of them have, or there is only one. */
  combine(agent: KnownAgent, role: string, need: Need, acceptsRevocable: boolean): Candidate | undefined {
    const candidates = agent.candidates.filter((candidate) => candidate.role === role).sort((a, b) => b.most('cpus') - a.most('cpus'));
    const [first, ...others] = candidates;
    if (first === undefined || others.length === 0 || !haveRoomTogether(candidates, need, acceptsRevocable)) return undefined;
    for (const other of others) {
      if (first.fits(need, acceptsRevocable)) break;
      this.indexOf(role)?.remove(other);
      agent.candidates = agent.candidates.filter((candidate) => candidate !== other);
      first.absorb(other);
    }
    this.indexOf(role)?.moved(first);
    return first;
  }

  /** Each offer once, with what was placed on it. */
  uses(): OfferUse[] {
    const uses: OfferUse[] = [];
    for (const { facts, candidates } of this.#agents) {
      for (const candidate of candidates) uses.push({ agent: facts, offerIds: candidate.offerIds, matches: candidate.takeMatches() });
    }
    return uses;
  }
}

const haveRoomTogether = (candidates: readonly Candidate[], need: Need, acceptsRevocable: boolean): boolean =>
  amountNames.every((name) => candidates.reduce((sum, candidate) => sum + candidate.room(name, acceptsRevocable), 0) >= need[name]);
