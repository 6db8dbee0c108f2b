import { avoidedSince } from '../avoidance/avoided-agents.js';
import type { Context } from '../context.js';
import type { Request } from '../model.js';
import { isNearMaintenance, maintenanceStart, type AgentFacts } from '../agents/agent-facts.js';

/**
 * How unwelcome an agent is to a request; undefined: it is welcome. An agent on which tasks died early is the less
 * unwelcome the longer that is ago; one that is near maintenance is more unwelcome, the more so the sooner that begins.
 */
export const unwelcomeRank = ({ state, now }: Context, request: Request, agent: AgentFacts): number | undefined => {
  if (agent.unavailability !== undefined && isNearMaintenance(agent, now, state.settings.maintenanceHorizonSecs)) {
    return Number.MAX_SAFE_INTEGER - (maintenanceStart(agent) ?? 0);
  }
  return avoidedSince(state, request, agent.id);
};
