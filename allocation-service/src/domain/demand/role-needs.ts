import type { DesiredState } from '@streams-on-mesos/messages';
import { needOfResource, type Need } from '../matching/need.js';
import type { Request, State } from '../model.js';
import { LeastNeeds } from './least-quantities.js';
import { offerConstraints } from './offer-constraints.js';
import { placeable } from './wanted-roles.js';

/** What an agent must have to be of use for a role. */
export type RoleNeeds = Pick<DesiredState.Role, 'min_allocatable' | 'constraints'>;

interface OfRole {
  readonly needs: LeastNeeds;
  readonly requests: Request[];
}

const byRole = (state: State, now: number): Map<string, OfRole> => {
  const roles = new Map<string, OfRole>();
  for (const request of state.waiting) {
    const { role } = request.requirements;
    let ofRole = roles.get(role);
    if (ofRole === undefined) roles.set(role, (ofRole = { needs: new LeastNeeds(), requests: [] }));
    let last: Need | undefined;
    for (const resource of placeable(state, request, now)) {
      if (last?.requested === resource.requested) continue;
      last = needOfResource(state, resource);
      ofRole.needs.add(last);
    }
    if (last !== undefined) ofRole.requests.push(request);
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
    if (requests.length === 0) continue;
    const constraints = offerConstraints(requests);
    result.set(role, { min_allocatable: needs.quantities, ...(constraints === undefined ? {} : { constraints }) });
  }
  return result;
};
