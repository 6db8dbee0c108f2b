import type { Request, State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import { amountsInUse, type Amounts } from '../matching/amounts.js';
import type { Candidate } from '../matching/candidate.js';
import { isEarmarkedForEarlier } from '../earmarks/earmark.js';
import { occupantsOf } from './occupants.js';

const none: readonly Candidate[] = [];

/** An agent that was offered to this leader, as its last offers said. */
export class KnownAgent {
  /** What matching has left of the last offers: one an offer, until some are combined. */
  candidates: readonly Candidate[] = none;
  /** The last ones to roles to which it was not offered then. */
  #earlier: readonly Candidate[];
  #tasks: number;
  #wantAlone: boolean;
  readonly #inUse: Amounts | undefined;
  /** Epoch milliseconds: when it was offered for the first time. */
  readonly since: number;

  constructor(
    state: State,
    readonly facts: AgentFacts,
    /** Which of the leader's matchings it was offered for last. */
    readonly matching: number,
    /** Epoch milliseconds. */
    readonly seenAt: number,
    before: KnownAgent | undefined,
  ) {
    const { count, wantAlone } = occupantsOf(state, facts.id);
    this.#tasks = count;
    this.#wantAlone = wantAlone;
    this.#inUse = count === 0 ? undefined : amountsInUse(state, facts.id);
    this.since = before?.since ?? seenAt;
    this.#earlier = before?.lastOffers ?? none;
  }

  /** Returns how many are at hand now: most agents have one. */
  add(candidate: Candidate): number {
    candidate.home = this;
    candidate.inUse = this.#inUse;
    const [only, another] = this.#earlier;
    if (only?.role === candidate.role && another === undefined) this.#earlier = none;
    else if (only !== undefined) this.#earlier = this.#earlier.filter(({ role }) => role !== candidate.role);
    this.candidates = this.candidates.length === 0 ? [candidate] : [...this.candidates, candidate];
    return this.candidates.length;
  }

  /** To each role, as matching left them. */
  get lastOffers(): readonly Candidate[] {
    return this.#earlier.length === 0 ? this.candidates : [...this.#earlier, ...this.candidates];
  }

  /** They are void. */
  forgetOffers(): void {
    this.candidates = this.#earlier = none;
  }

  /** Nobody who is there or comes wants to be alone there. */
  isFreeFor({ requirements }: Request): boolean {
    return !this.#wantAlone && (!requirements.aloneOnAgent || this.#tasks === 0);
  }

  /** A resource was placed on it. */
  note({ requirements }: Request): void {
    this.#tasks += 1;
    this.#wantAlone ||= requirements.aloneOnAgent;
  }

  isEarmarkedForEarlier(state: State, request: Request): boolean {
    return isEarmarkedForEarlier(state, request, this.facts.id);
  }
}
