import type { Request, State } from '../model.js';
import { compareBlamed, type Blamed, type EarlyDeaths } from './early-deaths.js';

/**
 * Since when the request avoids the agent, in epoch milliseconds; undefined: it is welcome. At most half of the agents that are
 * known are avoided, those on which tasks died last. If only avoided agents have room, the one avoided longest ago is used.
 */
export const avoidedSince = (state: State, request: Request, agentId: string): number | undefined => {
  const { earlyDeaths } = state;
  if (earlyDeaths.isEmpty) return undefined;
  const since = sinceOf(earlyDeaths, request, agentId);
  if (since === undefined) return undefined;
  const most = Math.floor(state.leader.agents.size / 2);
  if (request.avoided.size + earlyDeaths.blamed.length <= most) return since;
  return countBefore(earlyDeaths, request, { agentId, since }) < most ? since : undefined;
};

const sinceOf = (earlyDeaths: EarlyDeaths, { avoided }: Request, agentId: string): number | undefined => {
  const own = avoided.get(agentId);
  const blamed = earlyDeaths.blamedSince(agentId);
  return own === undefined || blamed === undefined ? (own ?? blamed) : Math.max(own, blamed);
};

/** How many agents the request avoids rather than this one: those of later deaths, of deaths at the same time its own first. */
const countBefore = (earlyDeaths: EarlyDeaths, { avoided }: Request, one: Blamed): number => {
  const isOwn = avoided.has(one.agentId);
  const isBefore = (other: Blamed, otherIsOwn: boolean): boolean =>
    other.since === one.since && otherIsOwn !== isOwn ? otherIsOwn : compareBlamed(other, one) < 0;
  let count = countWhile(earlyDeaths.blamed, (other) => isBefore(other, false));
  for (const [agentId, own] of avoided) {
    const blamed = earlyDeaths.blamedSince(agentId);
    if (blamed !== undefined && isBefore({ agentId, since: blamed }, false)) count -= 1;
    if (isBefore({ agentId, since: Math.max(own, blamed ?? 0) }, true)) count += 1;
  }
  return count;
};

/** How many of a list fulfil what its first ones do and its last ones do not. */
const countWhile = (order: readonly Blamed[], holds: (one: Blamed) => boolean): number => {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = order[middle];
    if (there !== undefined && holds(there)) low = middle + 1;
    else high = middle;
  }
  return low;
};
