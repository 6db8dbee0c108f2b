import type { Constraint, Licence } from '@streams-on-mesos/messages';
import { fromMilli } from '@streams-on-mesos/mesos';
import { avoidedSince } from '../avoidance/avoided-agents.js';
import { missingLicence } from '../licences/licences.js';
import type { Request, Resource, State } from '../model.js';
import { isNearMaintenance, maintenanceStart } from '../agents/agent-facts.js';
import type { Candidate } from './candidate.js';
import { isEarmarkedForEarlier } from '../earmarks/earmark.js';
import { needOf, scalarNames, type Need } from './need.js';
import { occupantsOf } from '../agents/occupants.js';
import { PlacementRules } from '../constraints/placement-rules.js';

/** Too little of one of these; in the units of Quantities. */
type Shortage = 'cpus' | 'mem' | 'disk' | 'gpus' | 'ports';

/** Why a resource is not placed on a candidate. */
export type Refusal =
  /** `offered` is what is left of it for this request. */
  | { readonly reason: Shortage; readonly needed: number; readonly offered: number }
  /** There would be enough with what is reserved for other roles. */
  | { readonly reason: 'reserved'; readonly roles: readonly string[] }
  /** There would be enough with revocable resources, which the request does not accept. */
  | { readonly reason: 'revocable' }
  | { readonly reason: 'role'; readonly needed: string; readonly offered: string }
  | { readonly reason: 'constraint'; readonly constraint: Constraint }
  /** Epoch milliseconds. */
  | { readonly reason: 'avoided'; readonly since: number }
  | { readonly reason: 'maintenance'; readonly start: number }
  /** Tasks of this framework on the agent: the request, or one of them, wants to be alone. */
  | { readonly reason: 'alone'; readonly tasks: number }
  | { readonly reason: 'licence'; readonly licence: Licence }
  /** `request` is the key of the one that the agent is earmarked for. */
  | { readonly reason: 'earmarked-for-another'; readonly request: string }
  /** Epoch milliseconds. */
  | { readonly reason: 'back-off'; readonly until: number };

export type RefusalReason = Refusal['reason'];

const shortages = (need: Need, candidate: Candidate, acceptsRevocable: boolean): Refusal[] => {
  const refusals: Refusal[] = [];
  for (const name of scalarNames) {
    const offered = candidate.room(name, acceptsRevocable);
    if (offered < need[name]) refusals.push({ reason: name, needed: fromMilli(need[name]), offered: fromMilli(offered) });
  }
  if (!candidate.hasPorts(need, acceptsRevocable)) {
    refusals.push({ reason: 'ports', needed: need.ports, offered: candidate.room('ports', acceptsRevocable) });
  }
  return refusals;
};

/** Roles of which the candidate's offers hold reservations that are not ours to use. */
const othersRoles = (candidate: Candidate): string[] => [...new Set(candidate.reservedForOthers.map(({ role }) => role))].sort();

const quantityRefusals = (need: Need, candidate: Candidate, acceptsRevocable: boolean): Refusal[] => {
  const refusals = shortages(need, candidate, acceptsRevocable);
  if (refusals.length === 0) return refusals;
  if (!acceptsRevocable && candidate.revocable !== undefined && candidate.fits(need, true)) refusals.push({ reason: 'revocable' });
  const isReserved = refusals.some(({ reason }) => candidate.reservedForOthers.some(({ name }) => name === reason));
  if (isReserved) refusals.push({ reason: 'reserved', roles: othersRoles(candidate) });
  return refusals;
};

const agentRefusals = (state: State, request: Request, rules: PlacementRules, { agent }: Candidate, now: number): Refusal[] => {
  const refusals: Refusal[] = rules.allBrokenBy(agent).map((constraint): Refusal => ({ reason: 'constraint', constraint }));
  const occupants = occupantsOf(state, agent.id);
  if (occupants.wantAlone || (request.requirements.aloneOnAgent && occupants.count > 0)) {
    refusals.push({ reason: 'alone', tasks: occupants.count });
  }
  const since = avoidedSince(state, request, agent.id);
  if (since !== undefined) refusals.push({ reason: 'avoided', since });
  if (isNearMaintenance(agent, now, state.settings.maintenanceHorizonSecs)) {
    refusals.push({ reason: 'maintenance', start: maintenanceStart(agent) ?? now });
  }
  const { earmark } = state.leader;
  if (earmark !== undefined && isEarmarkedForEarlier(state, request, agent.id)) {
    refusals.push({ reason: 'earmarked-for-another', request: earmark.requestKey });
  }
  return refusals;
};

/**
 * All that keeps a waiting resource from being placed on a candidate; empty: it would be. Agents that are avoided or near
 * maintenance are used after a while when nothing else has room, so those two do not last. What is the same for all
 * candidates is found once.
 */
export const refusalsOf = (state: State, request: Request, resource: Resource, now: number): ((candidate: Candidate) => Refusal[]) => {
  const { role, revocable } = request.requirements;
  const need = needOf(resource.requested, state.settings.wholeOfferFloor);
  const rules = new PlacementRules(state, request);
  const everywhere: Refusal[] = [];
  if (resource.notBefore > now) everywhere.push({ reason: 'back-off', until: resource.notBefore });
  const licence = missingLicence(state, request);
  if (licence !== undefined) everywhere.push({ reason: 'licence', licence });
  return (candidate) => [
    ...everywhere,
    ...(candidate.role === role ? [] : [{ reason: 'role', needed: role, offered: candidate.role } as const]),
    ...quantityRefusals(need, candidate, revocable),
    ...agentRefusals(state, request, rules, candidate, now),
  ];
};
