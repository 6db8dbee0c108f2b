import type { State } from '../model.js';
import type { Request } from '../model.js';
import { compareRequests } from './queue.js';

/**
 * Agents kept for a request that has waited for long, so that tasks that end on them make room for it and not for others
 * behind it.
 */
export interface Holding {
  readonly requestKey: string;
  /** By agent id: until when it is kept, in epoch milliseconds. */
  readonly agents: Map<string, number>;
  /** Agents that were kept in vain, and when last. */
  readonly triedAt: Map<string, number>;
  /** How often an agent was exchanged for another: each is kept twice as long as the last. */
  exchanges: number;
  /** When agents were last looked for. */
  searchedAt: number;
}

/** Whether the agent is kept for a request that comes before this one. */
export const isHeldFromRequest = (state: State, request: Request, agentId: string): boolean => {
  const { holding } = state.leader;
  if (holding === undefined || !holding.agents.has(agentId)) return false;
  const holder = state.requests.get(holding.requestKey);
  return holder !== undefined && holder !== request && compareRequests(holder, request) < 0;
};
