import type { Offer } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { after } from '../context.js';
import { missingLicence, promiseLicences } from '../licences/licences.js';
import type { Request, Resource } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import type { AgentAtHand } from './agent-at-hand.js';
import type { Candidate, Match } from './candidate.js';
import { chooseHeldAgents } from './hold-agents.js';
import { isSameNeed, needOf, type Need } from './need.js';
import { OffersAtHand } from './offers-at-hand.js';
import { PlacementRules } from './placement-rules.js';
import { eligible, requestsInOrder } from './queue.js';
import { unwelcomeRank } from './unwelcome.js';

export type { Match } from './candidate.js';

/** Offers of one agent and all that is launched on them, in one ACCEPT. */
export interface OfferUse {
  readonly agent: AgentFacts;
  /** One, or several where only together they have room. */
  readonly offerIds: readonly string[];
  readonly matches: readonly Match[];
}

/** A request that is being placed. */
interface Turn {
  readonly request: Request;
  readonly rules: PlacementRules;
  /** What has no room yet, in the order of its numbers. */
  waiting: Resource[];
}

/**
 * Places what waits on the offers at hand: the highest priority first, then who asked first. Each resource goes to the best
 * fit (dominant-share.ts) that fulfils all that its request requires (feasibility.ts names what can stand against it).
 * Returns each offer once, those that nothing was placed on too.
 */
export const matchOffers = (context: Context, offers: readonly Offer[]): OfferUse[] => {
  const { state, now } = context;
  const requests = requestsInOrder(state);
  const atHand = new OffersAtHand(state, offers, requests, now);
  const promised = new Map<string, number>();
  for (const request of requests) {
    const turn = { request, rules: new PlacementRules(state, request), waiting: eligible(request, now) };
    if (turn.waiting.length === 0) continue;
    placeRequest(context, turn, atHand, promised);
    chooseHeldAgents(context, request, turn.waiting, turn.rules);
  }
  atHand.remember(state, now);
  return atHand.uses();
};

/** Resources of one need after the other: usually all of a request are of one. */
const placeRequest = (context: Context, turn: Turn, atHand: OffersAtHand, promised: Map<string, number>): void => {
  const { wholeOfferFloor } = context.state.settings;
  const left: Resource[] = [];
  for (let rest = turn.waiting; rest.length > 0;) {
    const need = needOf(rest[0]?.requested ?? wholeOfferFloor, wholeOfferFloor);
    let count = 1;
    while (count < rest.length && isSameNeed(need, needOf(rest[count]?.requested ?? wholeOfferFloor, wholeOfferFloor))) count += 1;
    const alike = new Placing(context, turn, need, rest.slice(0, count), atHand, promised);
    left.push(...alike.place());
    rest = rest.slice(count);
  }
  turn.waiting = left;
};

/** Places resources of one request and one need. */
class Placing {
  readonly #request: Request;
  readonly #revocable: boolean;
  readonly #isLicensed: boolean;
  readonly #unwelcome = new Set<Candidate>();
  #next = 0;

  constructor(
    readonly context: Context,
    readonly turn: Turn,
    readonly need: Need,
    readonly resources: readonly Resource[],
    readonly atHand: OffersAtHand,
    readonly promised: Map<string, number>,
  ) {
    this.#request = turn.request;
    this.#revocable = turn.request.requirements.revocable;
    this.#isLicensed = turn.request.requirements.licences.length > 0;
  }

  /** Returns what found no room. */
  place(): Resource[] {
    if (this.#revocable) this.#search((candidate) => candidate.fitsRevocably(this.need));
    this.#search(undefined);
    if (!this.#isDone) this.#combine();
    if (!this.#isDone && this.#unwelcome.size > 0) this.#useUnwelcome();
    return this.resources.slice(this.#next);
  }

  get #isDone(): boolean {
    return this.#next === this.resources.length || (this.#isLicensed && !this.#hasLicence);
  }

  get #hasLicence(): boolean {
    return missingLicence(this.context.state, this.#request, this.promised) === undefined;
  }

  /** Fills the best fitting candidates; again from the first while one that was passed over may have become acceptable. */
  #search(isPreferred: ((candidate: Candidate) => boolean) | undefined): void {
    const index = this.atHand.indexOf(this.#request.requirements.role);
    if (index === undefined || this.#isDone) return;
    const { need } = this;
    for (let before = -1; before !== this.#next && !this.#isDone;) {
      before = this.#next;
      const used: Candidate[] = [];
      const visit = (candidate: Candidate): boolean => {
        if (!candidate.fits(need, this.#revocable) || (isPreferred !== undefined && !isPreferred(candidate))) return false;
        if (unwelcomeRank(this.context, this.#request, candidate.agent) !== undefined) {
          this.#unwelcome.add(candidate);
          return false;
        }
        if (this.#fill(candidate)) used.push(candidate);
        return this.#isDone;
      };
      if (need.takesAllCpus || need.takesAllMem) index.visitLargest(need, visit);
      else index.visit(need, visit);
      for (const candidate of used) index.moved(candidate);
      if (!this.turn.rules.canRecover) return;
    }
  }

  #isOpen(agent: AgentAtHand): boolean {
    return agent.isFreeFor(this.#request) && !agent.isHeldFrom(this.context.state, this.#request);
  }

  /** Places as many as may be; tells whether any was. */
  #fill(candidate: Candidate): boolean {
    const before = this.#next;
    const agent = this.atHand.agentOf(candidate);
    if (agent === undefined) return false;
    while (!this.#isDone && candidate.fits(this.need, this.#revocable) && this.#isOpen(agent)) {
      const resource = this.resources[this.#next];
      if (resource === undefined || this.turn.rules.brokenBy(candidate.agent) !== undefined) break;
      candidate.place(resource, this.need, this.#revocable);
      this.turn.rules.note(candidate.agent);
      agent.note(this.#request);
      if (this.#isLicensed) promiseLicences(this.promised, this.#request);
      this.#next += 1;
    }
    return this.#next > before;
  }

  /** Offers of one agent that have room only together. */
  #combine(): void {
    for (const agent of this.atHand.agentsWithSeveral) {
      if (!this.#isOpen(agent)) continue;
      if (this.turn.rules.brokenBy(agent.facts) !== undefined) continue;
      if (unwelcomeRank(this.context, this.#request, agent.facts) !== undefined) continue;
      const candidate = this.atHand.combine(agent, this.#request.requirements.role, this.need, this.#revocable);
      if (candidate !== undefined && this.#fill(candidate)) this.atHand.indexOf(candidate.role)?.moved(candidate);
      if (this.#isDone) return;
    }
  }

  /** Only unwelcome agents have room: they are used after a while, the least unwelcome first. */
  #useUnwelcome(): void {
    const { context, turn } = this;
    const rank = (candidate: Candidate): number => unwelcomeRank(context, this.#request, candidate.agent) ?? 0;
    const useful = [...this.#unwelcome].filter((candidate) => {
      const agent = this.atHand.agentOf(candidate);
      return turn.rules.brokenBy(candidate.agent) === undefined && agent !== undefined && this.#isOpen(agent);
    });
    if (useful.length === 0 || !mayUseUnwelcome(context, this.#request)) return;
    useful.sort((a, b) => rank(a) - rank(b) || (a.agent.id < b.agent.id ? -1 : 1));
    for (const candidate of useful) {
      if (this.#fill(candidate)) this.atHand.indexOf(candidate.role)?.moved(candidate);
      if (this.#isDone) return;
    }
  }
}

/** Starts the wait for agents that are welcome, or says that it is over. */
const mayUseUnwelcome = (context: Context, request: Request): boolean => {
  const { state, now } = context;
  const wait = state.settings.avoidedAgentSecs;
  if (request.heldBackSince === undefined) {
    request.heldBackSince = now;
    state.timers.set(`held-back:${request.key}`, after(context, wait));
  }
  return now - request.heldBackSince >= wait * 1000;
};
