import { avoidedSince } from '../avoidance/avoided-agents.js';
import type { Context } from '../context.js';
import { log } from '../context.js';
import { missingLicence } from '../licences/licences.js';
import type { Request, Resource } from '../model.js';
import { isNearMaintenance } from '../agents/agent-facts.js';
import { addAmounts, amountNames, amountsLeft, amountsOffered } from '../matching/amounts.js';
import { earmarkedFor, type Earmark } from './earmark.js';
import type { KnownAgent } from '../agents/known-agent.js';
import { needOfResource, type Need } from '../matching/need.js';
import type { PlacementRules } from '../constraints/placement-rules.js';
import { compareRequests } from '../waiting/queue.js';

// Small requests would starve a large one: whatever ends on an agent, something small is there at once. So agents are earmarked
// for the first request of the queue that has waited for too long: what comes after it is not placed on them, their offers
// are declined for a short time only, and Mesos makes ever larger offers of them as tasks end, until there is room.
//
// - Only for one request at a time, and never more agents than it has resources that wait.
// - Only agents that have room once all tasks of this framework on them have ended; of those the ones that lack least.
// - An agent whose tasks do not end is exchanged for another, after a time that doubles with every exchange. So if tasks
//   end within T on any of them, the request is placed within a small multiple of T, however many others stay as they are.

/** How often all agents are looked at for a request that too few were found for. */
const SEARCH_SECS = 30;

/** In one matching all agents are looked at for so many requests, however many starve: the others have their turn at the next. */
const MOST_SEARCHES = 1;

/** Whether the agents may be looked at for the request now. */
const maySearch = ({ state, now }: Context, { key }: Request): boolean => {
  const { earmarkSearches, earmarkSearchedAt } = state.leader;
  return earmarkSearches < MOST_SEARCHES && now - (earmarkSearchedAt.get(key) ?? -Infinity) >= SEARCH_SECS * 1000;
};

/** False: earmarkAgents would do nothing for the request, if nothing of it finds room. */
export const mayBeEarmarkedFor = (context: Context, request: Request): boolean => {
  const { state } = context;
  if (state.leader.earmark?.requestKey === request.key) return true;
  return isStarving(context, request) && maySearch(context, request) && !comesBefore(earmarkedFor(state), request);
};

/**
 * Earmarks agents for a request that has waited for too long, unless they are earmarked for one that comes before it. Called for
 * each request, in the order of the queue, with what of it found no room.
 */
export const earmarkAgents = (context: Context, request: Request, left: readonly Resource[], rules: PlacementRules): void => {
  const { state } = context;
  const { leader } = state;
  const isHolder = leader.earmark?.requestKey === request.key;
  const [first] = left;
  if (first === undefined) {
    if (isHolder) leader.earmark = undefined;
    leader.earmarkSearchedAt.delete(request.key);
    return;
  }
  if (missingLicence(state, request) !== undefined) {
    // No room would be of use to it, however long it has waited.
    if (isHolder) leader.earmark = undefined;
    return;
  }
  if (!isHolder && (!isStarving(context, first) || comesBefore(earmarkedFor(state), request))) return;
  const earmark = isHolder && leader.earmark !== undefined ? leader.earmark : newEarmark(request);
  exchange(context, earmark, left.length);
  if (earmark.agents.size < left.length) search(context, earmark, request, left, rules);
  if (earmark.agents.size > 0) leader.earmark = earmark;
  else if (isHolder) leader.earmark = undefined;
};

const newEarmark = ({ key }: Request): Earmark => ({ requestKey: key, agents: new Map(), triedAt: new Map(), exchanges: 0 });

/** It has waited for so long that agents may be earmarked for it. */
export const isStarving = ({ state, now }: Context, { createdAt }: Request | Resource): boolean => {
  const { earmarkAfterSecs } = state.settings;
  return earmarkAfterSecs > 0 && now - createdAt >= earmarkAfterSecs * 1000;
};

const comesBefore = (holder: Request | undefined, request: Request): boolean =>
  holder !== undefined && holder !== request && compareRequests(holder, request) < 0;

/** Gives up agents that are no longer needed, and those that were kept for long in vain. */
const exchange = ({ state, now }: Context, earmark: Earmark, needed: number): void => {
  const patience = state.settings.earmarkAfterSecs * 1000 * 2 ** Math.min(earmark.exchanges, 20);
  for (const [agentId, since] of earmark.agents) {
    if (earmark.agents.size > needed) earmark.agents.delete(agentId);
    else if (now - since >= patience) {
      earmark.agents.delete(agentId);
      earmark.triedAt.set(agentId, now);
      earmark.exchanges += 1;
      state.leader.earmarkSearchedAt.delete(earmark.requestKey);
    }
  }
};

/** Looks for agents to keep among all that are known, those that were kept in vain last. */
const search = (context: Context, earmark: Earmark, request: Request, left: readonly Resource[], rules: PlacementRules): void => {
  const { state, now } = context;
  const { earmarkSearchedAt, agents } = state.leader;
  const [first] = left;
  if (first === undefined || !maySearch(context, request)) return;
  state.leader.earmarkSearches += 1;
  earmarkSearchedAt.set(request.key, now);
  const need = needOfResource(state, first);
  const found: { id: string; lacks: number; tried: number }[] = [];
  for (const [id, agent] of agents) {
    if (earmark.agents.has(id) || !mayEarmark(context, request, agent, rules)) continue;
    const lacks = lackOf(agent, request.requirements.role, need);
    if (lacks !== undefined) found.push({ id, lacks, tried: earmark.triedAt.get(id) ?? 0 });
  }
  found.sort((a, b) => a.tried - b.tried || a.lacks - b.lacks || (a.id < b.id ? -1 : 1));
  const chosen = found.slice(0, left.length - earmark.agents.size).map(({ id }) => id);
  for (const id of chosen) earmark.agents.set(id, now);
  if (chosen.length > 0)
    log(context, 'info', 'agents are earmarked for a request that waits for long', { request: request.key, agents: chosen });
};

/** What stands against the agent will not pass when tasks on it end. */
const mayEarmark = ({ state, now }: Context, request: Request, { facts }: KnownAgent, rules: PlacementRules): boolean =>
  rules.brokenBy(facts) === undefined &&
  avoidedSince(state, request, facts.id) === undefined &&
  !isNearMaintenance(facts, now, state.settings.maintenanceHorizonSecs);

/** Which share of its worst quantity is missing now; undefined: it would be without our tasks, too. */
const lackOf = (agent: KnownAgent, role: string, need: Need): number | undefined => {
  const candidates = agent.lastOffers.filter((candidate) => candidate.role === role);
  const [first] = candidates;
  if (first === undefined) return undefined;
  const offered = candidates.map(amountsOffered).reduce(addAmounts);
  const left = candidates.map(amountsLeft).reduce(addAmounts);
  let worst = 0;
  for (const name of amountNames) {
    if (offered[name] + (first.inUse?.[name] ?? 0) < need[name]) return undefined;
    if (need[name] > 0) worst = Math.max(worst, 1 - Math.min(1, left[name] / need[name]));
  }
  return worst;
};
