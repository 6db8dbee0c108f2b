import type { Constraint } from '@streams-on-mesos/messages';
import type { Request, Resource, State } from '../model.js';
import type { AgentFacts } from '../agents/agent-facts.js';
import { fieldValue } from './constraint-fields.js';
import { canRecover, isFulfilled, Spread } from './constraint-rules.js';

/** What is kept of the agent with the placement: after a takeover nobody may know the agents on which resources live. */
export type FieldValues = Readonly<Record<string, string>>;

/** The values that the constraints of a request look at; undefined when it has none. */
export const fieldValuesOf = ({ requirements }: Request, agent: AgentFacts): FieldValues | undefined => {
  const { constraints } = requirements;
  if (constraints.length === 0) return undefined;
  const values: Record<string, string> = {};
  for (const { field } of constraints) {
    const value = fieldValue(agent, field);
    if (value !== undefined) values[field] = value;
  }
  return values;
};

const noSpreads = new Map<string, Spread>();

/** A task that runs, or may. */
const isLive = (resource: Resource): boolean => resource.task !== undefined;

/** The constraints of a request, judged by where its live resources are, and those placed in the same matching. */
export class PlacementRules {
  /** By field. */
  readonly #spreads: Map<string, Spread>;
  readonly #constraints: readonly Constraint[];
  /** An agent that was refused may be accepted later in the same matching. */
  readonly canRecover: boolean;

  constructor(state: State, request: Request) {
    this.#constraints = request.requirements.constraints;
    this.canRecover = this.#constraints.some(canRecover);
    this.#spreads = this.#constraints.length === 0 ? noSpreads : new Map<string, Spread>();
    if (this.#constraints.length === 0) return;
    for (const { field } of this.#constraints) this.#spreads.set(field, new Spread());
    for (const resource of request.resources) if (isLive(resource)) this.#note((field) => resource.placement?.fields?.[field]);
    this.#noteHeld(state, request);
  }

  /** Offers that are held for start commands will be used, as far as anybody knows. */
  #noteHeld(state: State, request: Request): void {
    for (const { use } of new Set(state.leader.heldOffers.values())) {
      for (const { resource } of use.matches) if (resource.request === request && !isLive(resource)) this.note(use.agent);
    }
  }

  /** One more is placed there. */
  note(agent: AgentFacts): void {
    if (this.#constraints.length > 0) this.#note((field) => fieldValue(agent, field));
  }

  #note(valueOf: (field: string) => string | undefined): void {
    for (const [field, spread] of this.#spreads) spread.add(valueOf(field));
  }

  /** The first constraint that one more resource on the agent would break. */
  brokenBy(agent: AgentFacts): Constraint | undefined {
    for (const constraint of this.#constraints) {
      const spread = this.#spreads.get(constraint.field);
      if (spread !== undefined && !isFulfilled(constraint, fieldValue(agent, constraint.field), spread)) return constraint;
    }
    return undefined;
  }

  /** All of them. */
  allBrokenBy(agent: AgentFacts): Constraint[] {
    return this.#constraints.filter((constraint) => {
      const spread = this.#spreads.get(constraint.field);
      return spread !== undefined && !isFulfilled(constraint, fieldValue(agent, constraint.field), spread);
    });
  }
}
