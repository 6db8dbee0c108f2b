// The two forms of a resource on the wire: `role` and `reservation`, or, for frameworks with RESERVATION_REFINEMENT, a stack of
// `reservations` (src/common/resources_utils.cpp, convertResourceFormat).
import type { Resource } from '../generated/protocol.js';

/** The form with a stack. Call it with validated resources only (`resourcesError`). */
export function upgradeResource(resource: Resource): Resource {
  if (resource.role === undefined && resource.reservation === undefined) return resource;
  const { role = '*', reservation, ...rest } = resource;
  if ((rest.reservations ?? []).length > 0 || role === '*') return rest;
  const type = reservation === undefined ? 'STATIC' : 'DYNAMIC';
  return { ...rest, reservations: [{ ...reservation, type, role }] };
}

/** The form without a stack, `role` and `reservation` set. Beside refined reservations, which it can't say, there is no role. */
const roleFields = ({ reservations = [] }: Resource): Partial<Resource> => {
  const [first, second] = reservations;
  if (first === undefined) return { role: '*' };
  if (second !== undefined) return {};
  const { principal, labels } = first;
  const details = { ...(principal === undefined ? {} : { principal }), ...(labels === undefined ? {} : { labels }) };
  return { ...(first.role === undefined ? {} : { role: first.role }), ...(first.type === 'DYNAMIC' ? { reservation: details } : {}) };
};

/** For a framework without RESERVATION_REFINEMENT. undefined: it can't be said, since its reservation is refined. */
export function downgradeResource(resource: Resource): Resource | undefined {
  const { reservations = [], ...rest } = resource;
  return reservations.length > 1 ? undefined : { ...rest, ...roleFields(resource) };
}

/** For operator endpoints: both forms at once. */
export const endpointResource = (resource: Resource): Resource => ({ ...resource, ...roleFields(resource) });
