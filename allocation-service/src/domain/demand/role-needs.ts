import type { DesiredState } from '@streams-on-mesos/messages';
import { needOf, type Need } from '../matching/need.js';
import type { Request, State } from '../model.js';
import { leastQuantities } from './least-quantities.js';
import { offerConstraints } from './offer-constraints.js';
import { placeable } from './wanted-roles.js';

/** What an agent must have to be of use for a role. */
export type RoleNeeds = Pick<DesiredState.Role, 'min_allocatable' | 'constraints'>;

interface OfRole {
  readonly needs: Set<Need>;
  readonly requests: Request[];
}

const byRole = (state: State, now: number): Map<string, OfRole> => {
  const roles = new Map<string, OfRole>();
  for (const request of state.waiting) {
    const { role } = request.requirements;
    const needs = new Set<Need>();
    for (const { requested } of placeable(state, request, now)) needs.add(needOf(requested, state.settings.wholeOfferFloor));
    if (needs.size === 0) continue;
    const before = roles.get(role);
    if (before === undefined) roles.set(role, { needs, requests: [request] });
    else {
      for (const need of needs) before.needs.add(need);
      before.requests.push(request);
    }
  }
  return roles;
};

/**
 * What is needed of the agents by role, so that Mesos offers no others; never more than what a resource that waits needs,
 * since an agent that is not offered cannot be used.
 */
export const roleNeeds = (state: State, now: number): Map<string, RoleNeeds> => {
  const result = new Map<string, RoleNeeds>();
  for (const [role, { needs, requests }] of byRole(state, now)) {
    const constraints = offerConstraints(requests);
    result.set(role, { min_allocatable: leastQuantities(needs), ...(constraints === undefined ? {} : { constraints }) });
  }
  return result;
};
