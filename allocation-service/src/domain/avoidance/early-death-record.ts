import type { Context } from '../context.js';
import { touch } from '../context.js';
import type { Request, State } from '../model.js';

/**
 * That tasks of a request died early on an agent: a record for each agent, since a request may come to avoid thousands, and what
 * a death writes must not grow with them.
 */
export interface EarlyDeathRecord {
  request: string;
  agent: string;
  /** When the last one died, in epoch milliseconds. */
  at: number;
  livesElsewhere?: true;
}

export const earlyDeathKey = (requestKey: string, agentId: string): string => JSON.stringify([requestKey, agentId]);

/** To be called when `avoided` or `livesElsewhere` of the request have changed for the agent, or with the request forgotten. */
export const touchEarlyDeath = (context: Context, request: Request, agentId: string): void =>
  touch(context, 'early-death', earlyDeathKey(request.key, agentId));

/** undefined: the agent is no longer avoided by the request, or the request is forgotten. */
export const earlyDeathRecord = (state: State, key: string): EarlyDeathRecord | undefined => {
  const [requestKey, agent] = JSON.parse(key) as [string, string];
  const request = state.requests.get(requestKey);
  const at = request?.avoided.get(agent);
  if (request === undefined || at === undefined) return undefined;
  return { request: requestKey, agent, at, ...(request.livesElsewhere.has(agent) && { livesElsewhere: true }) };
};

/** Puts the records into their requests. @returns the keys of those that belong to no request */
export const loadEarlyDeaths = (state: State, records: readonly (readonly [key: string, row: EarlyDeathRecord])[]): string[] => {
  const lost: string[] = [];
  for (const [key, { request: requestKey, agent, at, livesElsewhere }] of [...records].sort(([, a], [, b]) => a.at - b.at)) {
    const request = state.requests.get(requestKey);
    if (request === undefined) {
      lost.push(key);
      continue;
    }
    request.avoided.set(agent, Math.max(at, request.avoided.get(agent) ?? 0));
    if (livesElsewhere === true) request.livesElsewhere.add(agent);
  }
  for (const request of state.requests.values()) {
    for (const agent of request.avoided.keys()) state.earlyDeaths.add(request, agent);
  }
  return lost;
};
