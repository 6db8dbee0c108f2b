import type { Request, State } from '../model.js';
import { compareRequests } from './queue.js';

/**
 * Agents kept for a request that has waited for long, so that tasks that end on them make room for it and not for others
 * behind it.
 */
export interface Holding {
  readonly requestKey: string;
  /** By agent id: since when it is kept, in epoch milliseconds. */
  readonly agents: Map<string, number>;
  /** Agents that were kept in vain, and when last. */
  readonly triedAt: Map<string, number>;
  /** How often an agent was exchanged for another. */
  exchanges: number;
}

/** The request that agents are kept for; undefined: none, or it no longer waits. */
export const holderOf = (state: State): Request | undefined => {
  const holder = state.requests.get(state.leader.holding?.requestKey ?? '');
  return holder !== undefined && state.waiting.has(holder) ? holder : undefined;
};

/** Whether the agent is kept for a request that comes before this one. */
export const isHeldFromRequest = (state: State, request: Request, agentId: string): boolean => {
  if (state.leader.holding?.agents.has(agentId) !== true) return false;
  const holder = holderOf(state);
  return holder !== undefined && holder !== request && compareRequests(holder, request) < 0;
};

/** Whether the agent is kept for anybody: its offers are to come again soon. */
export const isHeld = (state: State, agentId: string): boolean =>
  state.leader.holding?.agents.has(agentId) === true && holderOf(state) !== undefined;
