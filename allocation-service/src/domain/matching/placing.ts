import type { Context } from '../context.js';
import { after } from '../context.js';
import { missingLicence, promiseLicences } from '../licences/licences.js';
import type { Request, Resource } from '../model.js';
import type { Candidate } from './candidate.js';
import type { CandidateIndex, Visitor } from './candidate-index.js';
import type { KnownAgent } from '../agents/known-agent.js';
import type { Need } from './need.js';
import type { OffersAtHand } from './offers-at-hand.js';
import type { PlacementRules } from '../constraints/placement-rules.js';
import { unwelcomeRank } from './unwelcome.js';

/** Resources of one request that need the same. */
export interface Alike {
  readonly need: Need;
  readonly resources: readonly Resource[];
}

/** Places resources of one request and one need. */
export class Placing implements Visitor {
  readonly #revocable: boolean;
  readonly #isLicensed: boolean;
  /** Candidates with room that were passed over. */
  #unwelcome: Set<Candidate> | undefined;
  /** Only candidates that have revocable cpus for it are visited. */
  #onlyRevocable = false;
  #used: Candidate[] = [];
  #next = 0;

  constructor(
    readonly context: Context,
    readonly request: Request,
    readonly rules: PlacementRules,
    readonly alike: Alike,
    readonly atHand: OffersAtHand,
    readonly promised: Map<string, number>,
  ) {
    this.#revocable = request.requirements.revocable;
    this.#isLicensed = request.requirements.licences.length > 0;
  }

  /** Returns what found no room. */
  place(): Resource[] {
    this.#untilNoMore(() => this.#useWelcome());
    if (!this.#isDone && this.#unwelcome !== undefined) this.#useUnwelcome(this.#unwelcome);
    return this.alike.resources.slice(this.#next);
  }

  get #isDone(): boolean {
    return this.#next === this.alike.resources.length || (this.#isLicensed && !this.#hasLicence);
  }

  get #hasLicence(): boolean {
    return missingLicence(this.context.state, this.request, this.promised) === undefined;
  }

  /** Again while what was placed may have made a candidate acceptable that was passed over. */
  #untilNoMore(pass: () => void): void {
    for (let before = -1; before !== this.#next && !this.#isDone;) {
      before = this.#next;
      pass();
      if (!this.rules.canRecover) return;
    }
  }

  #useWelcome(): void {
    if (this.#revocable) {
      this.#onlyRevocable = true;
      this.#search();
      this.#onlyRevocable = false;
    }
    this.#search();
    if (!this.#isDone) this.#combine();
  }

  #search(): void {
    const index = this.atHand.indexOf(this.request.requirements.role);
    if (index !== undefined) this.#untilNoMore(() => this.#fillBestFits(index));
  }

  /** Fills the best fitting candidates, each once. */
  #fillBestFits(index: CandidateIndex): void {
    const { need } = this.alike;
    this.#used = [];
    if (need.takesAllCpus || need.takesAllMem) index.visitLargest(need, this);
    else index.visit(need, this);
    for (const candidate of this.#used) index.moved(candidate);
  }

  /** Uses a candidate if it may; tells whether all is placed. */
  visit(candidate: Candidate): boolean {
    if (!this.#hasRoom(candidate)) return false;
    if (unwelcomeRank(this.context, this.request, candidate.agent) !== undefined) {
      this.#unwelcome ??= new Set();
      this.#unwelcome.add(candidate);
      return false;
    }
    if (this.#fill(candidate)) this.#used.push(candidate);
    return this.#isDone;
  }

  #hasRoom(candidate: Candidate): boolean {
    const { need } = this.alike;
    return this.#onlyRevocable ? candidate.fitsRevocably(need) : candidate.fits(need, this.#revocable);
  }

  #isOpen(agent: KnownAgent): boolean {
    return agent.isFreeFor(this.request) && !agent.isEarmarkedForEarlier(this.context.state, this.request);
  }

  /** Places as many as may be; tells whether any was. */
  #fill(candidate: Candidate): boolean {
    const before = this.#next;
    const agent = candidate.home;
    if (agent === undefined) return false;
    while (!this.#isDone && this.#hasRoom(candidate) && this.#isOpen(agent)) {
      const resource = this.alike.resources[this.#next];
      if (resource === undefined || this.rules.brokenBy(candidate.agent) !== undefined) break;
      candidate.place(resource, this.alike.need, this.#revocable);
      this.rules.note(candidate.agent);
      agent.note(this.request);
      if (this.#isLicensed) promiseLicences(this.promised, this.request);
      this.#next += 1;
    }
    return this.#next > before;
  }

  /** Offers of one agent that have room only together. */
  #combine(): void {
    for (const agent of this.atHand.agentsWithSeveral) {
      if (!this.#isOpen(agent)) continue;
      if (this.rules.brokenBy(agent.facts) !== undefined) continue;
      if (unwelcomeRank(this.context, this.request, agent.facts) !== undefined) continue;
      const candidate = this.atHand.combine(agent, this.request.requirements.role, this.alike.need, this.#revocable);
      if (candidate !== undefined && this.#fill(candidate)) this.atHand.indexOf(candidate.role)?.moved(candidate);
      if (this.#isDone) return;
    }
  }

  /** Only unwelcome agents have room: they are used after a while, the least unwelcome first. */
  #useUnwelcome(unwelcome: ReadonlySet<Candidate>): void {
    const { context, rules } = this;
    const rank = (candidate: Candidate): number => unwelcomeRank(context, this.request, candidate.agent) ?? 0;
    const useful = [...unwelcome].filter((candidate) => {
      return rules.brokenBy(candidate.agent) === undefined && candidate.home !== undefined && this.#isOpen(candidate.home);
    });
    if (useful.length === 0 || !mayUseUnwelcome(context, this.request)) return;
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
