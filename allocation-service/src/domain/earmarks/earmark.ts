import type { Request, State } from '../model.js';
import { compareRequests } from '../waiting/queue.js';

/**
 * Agents earmarked for a request that has waited for long, so that tasks that end on them make room for it and not for others
 * behind it.
 */
export interface Earmark {
  readonly requestKey: string;
  /** By agent id: since when it is earmarked, in epoch milliseconds. */
  readonly agents: Map<string, number>;
  /** Agents that were earmarked in vain, and when last. */
  readonly triedAt: Map<string, number>;
  /** How often an agent was exchanged for another. */
  exchanges: number;
}

/** The request that agents are earmarked for; undefined: none, or it no longer waits. */
export const earmarkedFor = (state: State): Request | undefined => {
  const holder = state.requests.get(state.leader.earmark?.requestKey ?? '');
  return holder?.isWaiting === true ? holder : undefined;
};

/** Whether the agent is earmarked for a request that comes before this one. */
export const isEarmarkedForEarlier = (state: State, request: Request, agentId: string): boolean => {
  if (state.leader.earmark?.agents.has(agentId) !== true) return false;
  const holder = earmarkedFor(state);
  return holder !== undefined && holder !== request && compareRequests(holder, request) < 0;
};

/** Whether the agent is earmarked for anybody: its offers are to come again soon. */
export const isEarmarked = (state: State, agentId: string): boolean =>
  state.leader.earmark?.agents.has(agentId) === true && earmarkedFor(state) !== undefined;
