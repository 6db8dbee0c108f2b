import type { Offer } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import type { Request, Resource } from '../model.js';
import type { AgentFacts } from '../agents/agent-facts.js';
import type { Match } from './candidate.js';
import { earmarkAgents, isStarving, mayBeEarmarkedFor } from '../earmarks/earmark-agents.js';
import { isSameNeed, needOfResource, type Need } from './need.js';
import { OffersAtHand } from './offers-at-hand.js';
import { Placing, type Alike } from './placing.js';
import { PlacementRules } from '../constraints/placement-rules.js';
import { eligible } from '../waiting/queue.js';
import type { RequestKind } from '../waiting/request-kind.js';
import { inTurn } from '../waiting/turns.js';

export type { Match } from './candidate.js';

/** Offers of one agent and all that is launched on them, in one ACCEPT. */
export interface OfferUse {
  readonly agent: AgentFacts;
  /** One, or several where only together they have room. */
  readonly offerIds: readonly string[];
  readonly matches: readonly Match[];
}

/**
 * Places what waits on the offers at hand: the highest priority first, then who asked first. Each resource goes to the best
 * fit (dominant-share.ts) that fulfils all that its request requires (feasibility.ts names what can stand against it).
 * Returns each offer once, those that nothing was placed on too.
 */
export const matchOffers = (context: Context, offers: readonly Offer[]): OfferUse[] => {
  const { state, now } = context;
  const atHand = new OffersAtHand(state, offers, now);
  const promised = new Map<string, number>();
  const lines = Array.from(state.waiting.kinds, (kind) => worthALook(context, kind, atHand));
  for (const request of inTurn(lines)) {
    if (!mayFindRoom(request, atHand) && !mayBeEarmarkedFor(context, request)) continue;
    const waiting = eligible(request, now);
    if (waiting.length === 0) continue;
    const rules = new PlacementRules(state, request);
    const left: Resource[] = [];
    for (const alike of byNeed(context, waiting)) left.push(...new Placing(context, request, rules, alike, atHand, promised).place());
    earmarkAgents(context, request, left, rules);
  }
  return atHand.uses();
};

const mayFindRoom = ({ kind }: Request, atHand: OffersAtHand): boolean => kind !== undefined && atHand.mayHaveRoomFor(kind);

/** Most find no room most of the time: of those only the ones are looked at that have waited for long, who come first. */
const worthALook = function* (context: Context, kind: RequestKind, atHand: OffersAtHand): Generator<Request, undefined> {
  for (const request of kind) {
    if (!atHand.mayHaveRoomFor(kind) && !isStarving(context, request)) return;
    yield request;
  }
};

/** Neighbours of one need: usually all of a request. */
const byNeed = ({ state }: Context, waiting: readonly Resource[]): Alike[] => {
  const groups: Alike[] = [];
  let last: { readonly need: Need; readonly requested: Resource['requested']; readonly resources: Resource[] } | undefined;
  for (const resource of waiting) {
    const { requested } = resource;
    if (last?.requested === requested) {
      last.resources.push(resource);
      continue;
    }
    const need = needOfResource(state, resource);
    if (last !== undefined && isSameNeed(need, last.need)) {
      last.resources.push(resource);
      continue;
    }
    last = { need, requested, resources: [resource] };
    groups.push(last);
  }
  return groups;
};
