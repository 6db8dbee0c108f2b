import type { Request, State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import type { Candidate } from './candidate.js';
import { isEarmarkedForEarlier } from './earmark.js';
import { occupantsOf } from './occupants.js';

const none: readonly Candidate[] = [];

/** What matching has to know of an agent of which offers are at hand, whatever the number of its offers and their roles. */
export class AgentAtHand {
  /** One an offer, until some are combined. */
  candidates: readonly Candidate[] = none;
  #tasks: number;
  #wantAlone: boolean;

  constructor(
    state: State,
    readonly facts: AgentFacts,
  ) {
    const { count, wantAlone } = occupantsOf(state, facts.id);
    this.#tasks = count;
    this.#wantAlone = wantAlone;
  }

  /** Returns how many it has now: most agents have one. */
  add(candidate: Candidate): number {
    this.candidates = this.candidates.length === 0 ? [candidate] : [...this.candidates, candidate];
    return this.candidates.length;
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
