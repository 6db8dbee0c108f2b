import type { Context } from '../context.js';
import { after } from '../context.js';
import type { Request, Resource } from '../model.js';
import { touchEarlyDeath } from './early-death-record.js';

// Which agents are avoided follows from the records of early deaths alone, so a takeover neither forgets nor invents any.

/** A task of the request ended on the agent unasked, before its resource was ALLOCATED. */
export const noteEarlyDeath = (context: Context, request: Request, agentId: string): void => {
  const { state, now } = context;
  const isNew = !request.avoided.has(agentId);
  // The oldest first, so that the sweep finds at once what is due.
  request.avoided.delete(agentId);
  request.avoided.set(agentId, now);
  // It knows one agent less that will do: it waits anew for others before it uses one that it avoids.
  request.heldBackSince = undefined;
  if (isNew && state.livingWorkloads.hasOffAgent({ request }, agentId)) request.livesElsewhere.add(agentId);
  state.earlyDeaths.add(request, agentId);
  touchEarlyDeath(context, request, agentId);
  if (!state.timers.has('avoided')) state.timers.set('avoided', after(context, state.settings.avoidAgentSecs));
};

/** A task has run for long enough: its workload can live, so where it died early the agent is to blame. */
export const noteLife = (context: Context, resource: Resource): void => {
  const { request, placement } = resource;
  if (placement === undefined) return;
  context.state.livingWorkloads.add(resource);
  for (const [changed, agents] of context.state.earlyDeaths.proveBy(request, placement.agentId)) {
    for (const agentId of agents) touchEarlyDeath(context, changed, agentId);
  }
};

/** An agent is given another chance after a time. */
export const forgetOldDeaths = (context: Context): void => {
  const { state, now } = context;
  const kept = state.settings.avoidAgentSecs * 1000;
  let next = Infinity;
  for (const request of state.requests.values()) {
    for (const [agentId, at] of request.avoided) {
      if (at + kept > now) {
        next = Math.min(next, at + kept);
        continue;
      }
      request.avoided.delete(agentId);
      request.livesElsewhere.delete(agentId);
      state.earlyDeaths.delete(request, agentId);
      touchEarlyDeath(context, request, agentId);
    }
  }
  if (next < Infinity) state.timers.set('avoided', next);
};

/** The request is forgotten, and with it what became of its tasks. */
export const forgetDeathsOf = (context: Context, request: Request): void => {
  for (const agentId of request.avoided.keys()) {
    context.state.earlyDeaths.delete(request, agentId);
    touchEarlyDeath(context, request, agentId);
  }
};
