import { missingLicence } from '../licences/licences.js';
import type { Request, Resource, State } from '../model.js';

/** What could be placed if the right offer came now: it neither waits for a back-off to end nor for a licence. */
export const placeable = function* (state: State, request: Request, now: number): Generator<Resource> {
  if (missingLicence(state, request) !== undefined) return;
  for (const resource of request.waiting) if (resource.notBefore <= now) yield resource;
};

const isPlaceable = (state: State, request: Request, now: number): boolean => placeable(state, request, now).next().done !== true;

/** The roles for which offers are of use. Every other one is suppressed. */
export const wantedRoles = (state: State, now: number): Set<string> => {
  const wanted = new Set<string>();
  for (const role of state.settings.roles) if (findOfRole(state, role, now) !== undefined) wanted.add(role);
  return wanted;
};

/** The first of some requests of which something could be placed. */
export const findPlaceable = (state: State, requests: Iterable<Request>, now: number): Request | undefined => {
  for (const request of requests) if (isPlaceable(state, request, now)) return request;
  return undefined;
};

const findOfRole = (state: State, role: string, now: number): Request | undefined => {
  for (const kind of state.waiting.kinds) {
    const request = kind.role === role ? findPlaceable(state, kind, now) : undefined;
    if (request !== undefined) return request;
  }
  return undefined;
};

/**
 * The same without a look at all that waits, however much that is: what could not be placed can't be now unless it was
 * noted (note-waiting.ts), and of what could be placed one request a role is enough.
 */
export const wantedRolesNow = (state: State, now: number): Set<string> => {
  const { candidates, ready } = state.leader.demand;
  for (const request of candidates) {
    const { role } = request.requirements;
    if (!ready.has(role) && state.settings.roles.includes(role) && isPlaceable(state, request, now)) ready.set(role, request);
  }
  candidates.clear();
  for (const [role, request] of ready) {
    if (isPlaceable(state, request, now)) continue;
    const other = findOfRole(state, role, now);
    if (other === undefined) ready.delete(role);
    else ready.set(role, other);
  }
  return new Set(ready.keys());
};
