import type { Request, Resource, State } from '../model.js';
import { roleNeeds } from '../demand/role-needs.js';
import { wantedRoles } from '../demand/wanted-roles.js';
import { missingLicence } from '../licences/licences.js';
import type { Candidate } from '../matching/candidate.js';
import { refusalsOf } from '../matching/feasibility.js';
import { requestName } from '../views/request-name.js';
import { requestState } from '../views/request-view.js';
import { explanationText } from './explanation-text.js';
import type { Explanation } from './explanation.js';
import { othersOf } from './others.js';
import { proposalsFor, type Refused } from './proposals.js';
import { tally } from './tally.js';

/** What was offered last of each agent, the newest last. */
const lastOffers = ({ leader }: State): Candidate[] => [...leader.agents.values()].flatMap((agent) => agent.lastOffers);

/** Why the resource was not placed on any of them. */
const lookedAt = (state: State, seen: readonly Candidate[], request: Request, resource: Resource, now: number): Refused[] => {
  const refusals = refusalsOf(state, request, resource, now);
  return seen.map((candidate) => ({ candidate, refusals: refusals(candidate) }));
};

const waitingOf = (request: Request): Resource | undefined => {
  let first: Resource | undefined;
  for (const resource of request.waiting) if (first === undefined || resource.number < first.number) first = resource;
  return first;
};

const noOffersBecause = (state: State, request: Request, now: number): Explanation['no_offers_because'] => {
  if (!state.leader.connected) return 'not-connected';
  const { role } = request.requirements;
  if (!state.settings.roles.includes(role)) return 'role-not-ours';
  if (wantedRoles(state, now).has(role)) return undefined;
  return missingLicence(state, request) === undefined ? 'backing-off' : 'licence-missing';
};

const noneOffered = (state: State, { createdAt }: Resource, because: Explanation['no_offers_because']) => {
  const { since, demand } = state.leader;
  const isAsked = because === undefined && demand.revivedAt !== undefined;
  return { none_since_ms: Math.max(createdAt, since), ...(isAsked && { asked_at_ms: demand.revivedAt }) };
};

/** Why a request waits, and what would make one more resource of it fit; of the state as it is, without changing it. */
export const explain = (state: State, request: Request, now: number): Explanation => {
  const resource = waitingOf(request);
  const seen = lastOffers(state);
  const looked = resource === undefined ? [] : lookedAt(state, seen, request, resource, now);
  const refused = looked.filter((one) => one.refusals.length > 0);
  const lastSeen = seen.at(-1)?.home?.seenAt;
  const fault = request.lastWorkloadFault;
  const because = resource === undefined ? undefined : noOffersBecause(state, request, now);
  const askedFor = resource === undefined ? undefined : roleNeeds(state, now).get(request.requirements.role);
  const facts: Omit<Explanation, 'text'> = {
    id: requestName(request),
    state: requestState(request),
    waiting: request.waiting.size,
    requested: { ...((resource ?? [...request.resources].at(-1))?.requested ?? request.allocate?.each ?? state.settings.nodeQuantities) },
    offers: {
      seen: seen.length,
      looked_at: looked.length,
      fitting: looked.length - refused.length,
      ...(lastSeen !== undefined && { last_seen_at_ms: lastSeen }),
      ...(lastSeen === undefined && resource !== undefined && noneOffered(state, resource, because)),
    },
    ...(because !== undefined && { no_offers_because: because }),
    ...(askedFor !== undefined && { asked_for: askedFor }),
    refusals: tally(refused, now),
    ...(resource !== undefined && resource.notBefore > now && { backoff_until_ms: resource.notBefore }),
    ...(fault !== undefined && { workload_fault: { message: fault.message, at_ms: fault.at } }),
    proposals: resource === undefined ? [] : proposalsFor({ state, request, resource, now }, refused),
    others: othersOf(request),
  };
  return { ...facts, text: explanationText(facts, now) };
};
