import type { Request, State } from '../model.js';

type Avoided = ReadonlyMap<string, number>;

interface View {
  readonly version: number;
  readonly known: number;
  readonly avoided: Avoided;
}

const NONE: Avoided = new Map();

/** Of what is avoided, what the requests of a state see: kept until something changes. */
const views = new WeakMap<object, View>();

/**
 * Since when the request avoids the agent, in epoch milliseconds; undefined: it is welcome. If only avoided agents have
 * room, the one avoided longest ago is used.
 */
export const avoidedSince = (state: State, request: Request, agentId: string): number | undefined =>
  avoidedAgents(state, request).get(agentId);

/** All agents that the request avoids, and since when: at most half of those that are known, the ones avoided last. */
export const avoidedAgents = (state: State, request: Request): Avoided => {
  const { earlyDeaths } = state;
  if (earlyDeaths.isEmpty) return NONE;
  // Who avoids no agent of its own avoids what everybody does.
  const owner = request.avoided.size === 0 ? earlyDeaths : request;
  const known = state.leader.agents.size;
  const before = views.get(owner);
  if (before?.version === earlyDeaths.version && before.known === known) return before.avoided;
  const avoided = newest(together(state, request), Math.floor(known / 2));
  views.set(owner, { version: earlyDeaths.version, known, avoided });
  return avoided;
};

const together = ({ earlyDeaths }: State, { avoided }: Request): Map<string, number> => {
  const all = new Map(avoided);
  for (const agentId of earlyDeaths.agents()) {
    const since = earlyDeaths.blamedSince(agentId);
    if (since !== undefined) all.set(agentId, Math.max(since, all.get(agentId) ?? 0));
  }
  return all;
};

const newest = (avoided: Map<string, number>, count: number): Avoided =>
  avoided.size <= count ? avoided : new Map([...avoided].sort(([, a], [, b]) => b - a).slice(0, count));
