import type { State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import { addAmounts, amountsInUse, amountsLeft, type Amounts } from './amounts.js';
import type { Candidate } from './candidate.js';

/** What an agent can have for a role. */
export interface AgentRoom {
  /** What was offered last, firm and revocable together. */
  readonly offered: Amounts;
  /** Of that, what is not used since. */
  left: Amounts;
  /** What would be offered if all tasks of this framework on the agent had ended. */
  readonly capacity: Amounts;
}

/** An agent that was offered to this leader. */
export interface KnownAgent {
  /** As its last offer said. */
  readonly facts: AgentFacts;
  /** By role. */
  readonly rooms: Map<string, AgentRoom>;
  /** Epoch milliseconds: when it was offered for the first and for the last time. */
  readonly since: number;
  readonly seenAt: number;
}

/** Above the largest clusters that Mesos is known to run; the agents not offered for longest are forgotten first. */
const AGENTS_KEPT = 100_000;

/** Remembers the agents of the offers at hand, before anything is placed on them. */
export const noteAgents = (state: State, candidates: Iterable<Candidate>, now: number): void => {
  const { agents } = state.leader;
  const noted = new Set<AgentRoom>();
  for (const candidate of candidates) {
    const { agent, role } = candidate;
    const known = agents.get(agent.id);
    const rooms = known?.rooms ?? new Map<string, AgentRoom>();
    const before = rooms.get(role);
    const amounts = amountsLeft(candidate);
    const offered = before !== undefined && noted.has(before) ? addAmounts(before.offered, amounts) : amounts;
    const used = amountsInUse(state, agent.id);
    const room = { offered, left: offered, capacity: used === undefined ? offered : addAmounts(offered, used) };
    noted.add(room);
    rooms.set(role, room);
    // Anew, so that the agent not offered for longest comes first.
    if (known !== undefined) agents.delete(agent.id);
    agents.set(agent.id, { facts: agent, rooms, since: known?.since ?? now, seenAt: now });
  }
  forgetOldest(agents);
};

const forgetOldest = (agents: Map<string, KnownAgent>): void => {
  if (agents.size <= AGENTS_KEPT) return;
  for (const id of agents.keys()) {
    agents.delete(id);
    if (agents.size <= AGENTS_KEPT) return;
  }
};

/** Notes what matching has left of the offers. */
export const noteLeft = (state: State, candidates: Iterable<Candidate>): void => {
  const noted = new Set<AgentRoom>();
  for (const candidate of candidates) {
    if (candidate.matches.length === 0) continue;
    const room = state.leader.agents.get(candidate.agent.id)?.rooms.get(candidate.role);
    if (room === undefined) continue;
    room.left = noted.has(room) ? addAmounts(room.left, amountsLeft(candidate)) : amountsLeft(candidate);
    noted.add(room);
  }
};
