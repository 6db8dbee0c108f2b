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
  const { roles } = state.settings;
  for (const request of state.waiting) {
    if (wanted.size === roles.length) break;
    const { role } = request.requirements;
    if (!wanted.has(role) && roles.includes(role) && isPlaceable(state, request, now)) wanted.add(role);
  }
  return wanted;
};
