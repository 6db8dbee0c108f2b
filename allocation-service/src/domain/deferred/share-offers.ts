import type { Context } from '../context.js';
import { canRecover } from '../constraints/constraint-rules.js';
import type { Match, OfferUse } from '../matching/matching.js';
import { PlacementRules } from '../constraints/placement-rules.js';
import type { Request, State } from '../model.js';

const isDeferred = ({ resource }: Match): boolean => resource.request.workload.deferred === true;

/** It is held until its start commands are known. */
export const needsWorkload = ({ matches }: OfferUse): boolean => matches.some(isDeferred);

/**
 * Gives each offer either to its deferred matches or to its others, so that nobody waits for start commands but who needs
 * one: matches of the same offer that need none are launched at once, and then it is the deferred ones that get another
 * offer. That happens to a request once; after that the others are the ones that get another offer, or they would go first
 * for ever.
 */
export const shareOffers = (context: Context, uses: readonly OfferUse[]): readonly OfferUse[] => {
  if (!uses.some(needsWorkload)) return uses;
  const leftOut = new Set<Request>();
  const shared = uses.map((use) => (needsWorkload(use) ? share(context, use, leftOut) : use));
  return judgeAgain(context.state, shared, leftOut);
};

const share = ({ state }: Context, use: OfferUse, leftOut: Set<Request>): OfferUse => {
  const { passedOver, demand } = state.leader;
  const deferred = use.matches.filter(isDeferred);
  const others = use.matches.filter((match) => !isDeferred(match));
  if (others.length > 0) demand.newWaiting = true;
  const areOthersFirst = others.length > 0 && !deferred.some(({ resource }) => passedOver.has(resource.request));
  for (const { resource } of deferred) {
    if (areOthersFirst) passedOver.add(resource.request);
    else passedOver.delete(resource.request);
  }
  for (const { resource } of areOthersFirst ? deferred : others) leftOut.add(resource.request);
  return { ...use, matches: areOthersFirst ? others : deferred };
};

/** The rest of a request was spread as if all of it were launched: what is uneven without those that are left out waits, too. */
const judgeAgain = (state: State, uses: readonly OfferUse[], leftOut: ReadonlySet<Request>): readonly OfferUse[] => {
  const uneven = new Set<Match>();
  for (const request of leftOut) {
    if (!request.requirements.constraints.some(canRecover)) continue;
    const rules = new PlacementRules(state, request);
    const placed = uses.flatMap(({ agent, matches }) => matches.map((match) => ({ agent, match })));
    const rest = placed.filter(({ match }) => match.resource.request === request);
    rest.sort((a, b) => a.match.resource.number - b.match.resource.number);
    for (const { agent, match } of rest) {
      if (rules.brokenBy(agent) === undefined) rules.note(agent);
      else uneven.add(match);
    }
  }
  if (uneven.size === 0) return uses;
  return uses.map((use) => ({ ...use, matches: use.matches.filter((match) => !uneven.has(match)) }));
};
