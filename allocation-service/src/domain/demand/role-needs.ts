import type { DesiredState } from '@streams-on-mesos/messages';
import { needOfResource, type Need } from '../matching/need.js';
import type { Request, State } from '../model.js';
import { LeastNeeds } from './least-quantities.js';
import { offerConstraints } from './offer-constraints.js';
import { findPlaceable, placeable } from './wanted-roles.js';

/** What an agent must have to be of use for a role. */
export type RoleNeeds = Pick<DesiredState.Role, 'min_allocatable' | 'constraints'>;

interface OfRole {
  readonly needs: LeastNeeds;
  /** One of each kind. */
  readonly requests: Request[];
}

const byRole = (state: State, now: number): Map<string, OfRole> => {
  const roles = new Map<string, OfRole>();
  for (const kind of state.waiting.kinds) {
    const request = findPlaceable(state, kind, now);
    if (request === undefined) continue;
    let ofRole = roles.get(kind.role);
    if (ofRole === undefined) roles.set(kind.role, (ofRole = { needs: new LeastNeeds(), requests: [] }));
    ofRole.requests.push(request);
    for (const need of needsOf(state, request, now)) ofRole.needs.add(need);
  }
  return roles;
};

const needsOf = (state: State, request: Request, now: number): Need[] => {
  const known = request.kind?.need;
  if (known !== undefined) return [known];
  return [...placeable(state, request, now)].map((resource) => needOfResource(state, resource));
};

/**
 * What is needed of the agents by role, so that Mesos offers no others; never more than what a resource that waits needs,
 * since an agent that is not offered cannot be used.
 */
export const roleNeeds = (state: State, now: number): Map<string, RoleNeeds> => {
  const result = new Map<string, RoleNeeds>();
  for (const [role, { needs, requests }] of byRole(state, now)) {
    const constraints = offerConstraints(requests);
    result.set(role, { min_allocatable: needs.quantities, ...(constraints === undefined ? {} : { constraints }) });
  }
  return result;
};
