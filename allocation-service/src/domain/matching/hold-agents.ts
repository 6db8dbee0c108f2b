import { avoidedSince } from '../avoidance/avoided-agents.js';
import type { Context } from '../context.js';
import { log } from '../context.js';
import { missingLicence } from '../licences/licences.js';
import type { Request, Resource } from '../model.js';
import { isNearMaintenance } from './agent-facts.js';
import { amountNames } from './amounts.js';
import { holderOf, type Holding } from './holding.js';
import { roomFor, type KnownAgent } from './known-agents.js';
import { needOf, type Need } from './need.js';
import type { PlacementRules } from './placement-rules.js';
import { compareRequests } from './queue.js';

// Small requests would starve a large one: whatever ends on an agent, something small is there at once. So agents are kept
// for the first request of the queue that has waited for too long: what comes after it is not placed on them, their offers
// are declined for a short time only, and Mesos makes ever larger offers of them as tasks end, until there is room.
//
// - Only for one request at a time, and never more agents than it has resources that wait.
// - Only agents that have room once all tasks of this framework on them have ended; of those the ones that lack least.
// - An agent whose tasks do not end is exchanged for another, after a time that doubles with every exchange. So if tasks
//   end within T on any of them, the request is placed within a small multiple of T, however many others stay as they are.

/** How often all agents are looked at for a request that too few were found for. */
const SEARCH_SECS = 30;

/**
 * Keeps agents for a request that has waited for too long, unless they are kept for one that comes before it. Called for
 * each request, in the order of the queue, with what of it found no room.
 */
export const chooseHeldAgents = (context: Context, request: Request, left: readonly Resource[], rules: PlacementRules): void => {
  const { state } = context;
  const { leader } = state;
  const isHolder = leader.holding?.requestKey === request.key;
  const [first] = left;
  if (first === undefined) {
    if (isHolder) leader.holding = undefined;
    leader.heldSearchedAt.delete(request.key);
    return;
  }
  if (missingLicence(state, request) !== undefined) {
    // No room would be of use to it, however long it has waited.
    if (isHolder) leader.holding = undefined;
    return;
  }
  if (!isHolder && (!isStarving(context, first) || comesBefore(holderOf(state), request))) return;
  const holding = isHolder && leader.holding !== undefined ? leader.holding : newHolding(request);
  exchange(context, holding, left.length);
  if (holding.agents.size < left.length) search(context, holding, request, left, rules);
  if (holding.agents.size > 0) leader.holding = holding;
  else if (isHolder) leader.holding = undefined;
};

const newHolding = ({ key }: Request): Holding => ({ requestKey: key, agents: new Map(), triedAt: new Map(), exchanges: 0 });

const isStarving = ({ state, now }: Context, { createdAt }: Resource): boolean => {
  const { holdAgentsAfterSecs } = state.settings;
  return holdAgentsAfterSecs > 0 && now - createdAt >= holdAgentsAfterSecs * 1000;
};

const comesBefore = (holder: Request | undefined, request: Request): boolean =>
  holder !== undefined && holder !== request && compareRequests(holder, request) < 0;

/** Gives up agents that are no longer needed, and those that were kept for long in vain. */
const exchange = ({ state, now }: Context, holding: Holding, needed: number): void => {
  const patience = state.settings.holdAgentsAfterSecs * 1000 * 2 ** Math.min(holding.exchanges, 20);
  for (const [agentId, since] of holding.agents) {
    if (holding.agents.size > needed) holding.agents.delete(agentId);
    else if (now - since >= patience) {
      holding.agents.delete(agentId);
      holding.triedAt.set(agentId, now);
      holding.exchanges += 1;
      state.leader.heldSearchedAt.delete(holding.requestKey);
    }
  }
};

/** Looks for agents to keep among all that are known, those that were kept in vain last. */
const search = (context: Context, holding: Holding, request: Request, left: readonly Resource[], rules: PlacementRules): void => {
  const { state, now } = context;
  const { heldSearchedAt, agents } = state.leader;
  if (now - (heldSearchedAt.get(request.key) ?? -Infinity) < SEARCH_SECS * 1000) return;
  heldSearchedAt.set(request.key, now);
  const need = needOf(left[0]?.requested ?? state.settings.wholeOfferFloor, state.settings.wholeOfferFloor);
  const found: { id: string; lacks: number; tried: number }[] = [];
  for (const [id, agent] of agents) {
    if (holding.agents.has(id) || !mayHold(context, request, agent, rules)) continue;
    const lacks = lackOf(agent, request.requirements.role, need);
    if (lacks !== undefined) found.push({ id, lacks, tried: holding.triedAt.get(id) ?? 0 });
  }
  found.sort((a, b) => a.tried - b.tried || a.lacks - b.lacks || (a.id < b.id ? -1 : 1));
  const chosen = found.slice(0, left.length - holding.agents.size).map(({ id }) => id);
  for (const id of chosen) holding.agents.set(id, now);
  if (chosen.length > 0)
    log(context, 'info', 'agents are kept for a request that waits for long', { request: request.key, agents: chosen });
};

/** What stands against the agent will not pass when tasks on it end. */
const mayHold = ({ state, now }: Context, request: Request, { facts }: KnownAgent, rules: PlacementRules): boolean =>
  rules.brokenBy(facts) === undefined &&
  avoidedSince(state, request, facts.id) === undefined &&
  !isNearMaintenance(facts, now, state.settings.maintenanceHorizonSecs);

/** Which share of its worst quantity is missing now; undefined: it would be without our tasks, too. */
const lackOf = (agent: KnownAgent, role: string, need: Need): number | undefined => {
  const room = roomFor(agent, role);
  if (room === undefined) return undefined;
  let worst = 0;
  for (const name of amountNames) {
    if (room.capacity[name] < need[name]) return undefined;
    if (need[name] > 0) worst = Math.max(worst, 1 - Math.min(1, room.left[name] / need[name]));
  }
  return worst;
};
