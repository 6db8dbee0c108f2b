import type { Quantities } from '@streams-on-mesos/messages';
import { isNear } from '../maintenance/window.js';
import { addAmounts, amountsOffered, quantitiesOf, type Amounts } from '../matching/amounts.js';
import { attributeText } from '../constraints/constraint-fields.js';
import type { KnownAgent } from '../agents/known-agent.js';
import type { State } from '../model.js';
import { requestName } from './request-name.js';

/** An agent that was offered to this leader, or on which one of our tasks may run. */
export interface AgentView {
  readonly id: string;
  /** Absent, as all that offers say, for one that was not offered to this leader. */
  readonly hostname?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly zone?: string;
  /** By role: what the last offers had, `ports` counted. */
  readonly last_offered: Readonly<Record<string, Quantities>>;
  readonly first_seen_at_ms?: number;
  readonly last_seen_at_ms?: number;
  /** The tasks of this framework that may run there, with what they were given. */
  readonly tasks: readonly { readonly id: string; readonly resource_id: string; readonly quantities?: Quantities }[];
  /** Since when everybody avoids it. */
  readonly avoided_by_all_since_ms?: number;
  /** By request: since when it alone avoids the agent. */
  readonly avoided_by: Readonly<Record<string, number>>;
  /** When its maintenance begins, and whether that is near enough for it to be passed over. */
  readonly maintenance?: { readonly start_ms: number; readonly duration_ms?: number; readonly is_near: boolean };
}

const maintenanceOf = (state: State, id: string, now: number): AgentView['maintenance'] => {
  const window = state.leader.maintenance.get(id)?.window;
  return window && { ...window, is_near: isNear(window, now, state.settings.maintenanceHorizonSecs) };
};

const tasksOn = (state: State, agentId: string): AgentView['tasks'] =>
  [...(state.tasksByAgent.get(agentId) ?? [])].map(({ id, resourceId }) => {
    const placement = state.resources.get(resourceId)?.placement;
    return { id, resource_id: resourceId, ...(placement?.taskId === id && { quantities: placement.quantities }) };
  });

const offeredOf = (known: KnownAgent) => {
  const { facts, lastOffers, since, seenAt } = known;
  const offered = new Map<string, Amounts>();
  for (const candidate of lastOffers) {
    const amounts = amountsOffered(candidate);
    const others = offered.get(candidate.role);
    offered.set(candidate.role, others === undefined ? amounts : addAmounts(others, amounts));
  }
  const domain = facts.domain?.fault_domain;
  return {
    hostname: facts.hostname,
    attributes: Object.fromEntries(facts.attributes.map((attribute) => [attribute.name, attributeText(attribute)])),
    ...(domain !== undefined && { region: domain.region.name, zone: domain.zone.name }),
    last_offered: Object.fromEntries([...offered].map(([role, amounts]) => [role, quantitiesOf(amounts)])),
    first_seen_at_ms: since,
    last_seen_at_ms: seenAt,
  };
};

/** Ids of the agents that there is something to say of. */
export const agentIds = (state: State): Set<string> =>
  new Set([...state.leader.agents.keys(), ...state.leader.maintenance.keys(), ...state.tasksByAgent.keys(), ...state.earlyDeaths.agents()]);

/** Holds parts of the state. */
export const agentView = (state: State, id: string, now: number): AgentView => {
  const known = state.leader.agents.get(id);
  const maintenance = maintenanceOf(state, id, now);
  const byAll = state.earlyDeaths.blamedSince(id);
  const avoidedBy = [...state.earlyDeaths.requestsOf(id)].map((request) => [requestName(request), request.avoided.get(id) ?? 0] as const);
  return {
    id,
    attributes: {},
    last_offered: {},
    ...(known !== undefined && offeredOf(known)),
    tasks: tasksOn(state, id),
    ...(byAll !== undefined && { avoided_by_all_since_ms: byAll }),
    avoided_by: Object.fromEntries(avoidedBy),
    ...(maintenance !== undefined && { maintenance }),
  };
};
