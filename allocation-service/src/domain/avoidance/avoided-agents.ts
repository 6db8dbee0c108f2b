import type { Request, State } from '../model.js';

/**
 * Since when the request avoids the agent, in epoch milliseconds; undefined: it is welcome. If only avoided agents have
 * room, the one avoided longest ago is used.
 */
export const avoidedSince = (state: State, request: Request, agentId: string): number | undefined => {
  if (state.earlyDeaths.isEmpty) return undefined;
  const own = request.avoided.get(agentId);
  const everybody = state.earlyDeaths.blamedSince(agentId);
  return own === undefined || (everybody !== undefined && everybody > own) ? everybody : own;
};
