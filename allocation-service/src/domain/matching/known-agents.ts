import type { State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import type { AgentAtHand } from './agent-at-hand.js';
import { addAmounts, amountsInUse, amountsLeft, type Amounts } from './amounts.js';
import { candidateKey } from './candidate.js';
import { forgetOldest } from './forget-oldest.js';

/** What an agent can have for a role. */
export interface AgentRoom {
  readonly role: string;
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
  /** One a role. */
  readonly rooms: readonly AgentRoom[];
  /** Epoch milliseconds: when it was offered for the first and for the last time. */
  readonly since: number;
  readonly seenAt: number;
}

const none: readonly AgentRoom[] = [];
const nothing: Amounts = { cpus: 0, mem: 0, disk: 0, gpus: 0, ports: 0 };

/** Above the largest clusters that Mesos is known to run; the agents not offered for longest are forgotten first. */
const AGENTS_KEPT = 100_000;

const roomOf = (state: State, { facts, candidates }: AgentAtHand, role: string): AgentRoom => {
  let offered: Amounts | undefined;
  for (const candidate of candidates) {
    if (candidate.role !== role) continue;
    const amounts = amountsLeft(candidate);
    offered = offered === undefined ? amounts : addAmounts(offered, amounts);
  }
  offered ??= nothing;
  const used = amountsInUse(state, facts.id);
  return { role, offered, left: offered, capacity: used === undefined ? offered : addAmounts(offered, used) };
};

const roomsOf = (state: State, agent: AgentAtHand, before: readonly AgentRoom[]): readonly AgentRoom[] => {
  const [first, second] = agent.candidates;
  if (before.length === 0 && first !== undefined && second === undefined) return [roomOf(state, agent, first.role)];
  const roles = new Set(agent.candidates.map(({ role }) => role));
  return [...before.filter(({ role }) => !roles.has(role)), ...[...roles].map((role) => roomOf(state, agent, role))];
};

/** Remembers the agents of which offers are at hand, before anything is placed on them. */
export const noteAgents = (state: State, atHand: Iterable<AgentAtHand>, now: number): void => {
  const { agents } = state.leader;
  for (const agent of atHand) {
    const { id } = agent.facts;
    const known = agents.get(id);
    const rooms = roomsOf(state, agent, known?.rooms ?? none);
    // Anew, so that the agent not offered for longest comes first.
    if (known !== undefined) agents.delete(id);
    agents.set(id, { facts: agent.facts, rooms, since: known?.since ?? now, seenAt: now });
  }
  forgetOldest(agents, AGENTS_KEPT);
};

/** The agent is away: nothing fits there any more, and nobody waits for it. It stays known while tasks of ours may be there. */
export const forgetAgent = ({ leader, tasksByAgent }: State, id: string): void => {
  for (const { role } of leader.agents.get(id)?.rooms ?? []) leader.seenOffers.delete(candidateKey(id, role));
  leader.earmark?.agents.delete(id);
  if (!tasksByAgent.has(id)) leader.agents.delete(id);
};

export const roomFor = ({ rooms }: KnownAgent, role: string): AgentRoom | undefined => rooms.find((room) => room.role === role);

/** Notes what matching has left of the offers. */
export const noteLeft = (state: State, atHand: Iterable<AgentAtHand>): void => {
  for (const { facts, candidates } of atHand) {
    if (candidates.every(({ matches }) => matches.length === 0)) continue;
    for (const room of state.leader.agents.get(facts.id)?.rooms ?? []) {
      const ofRole = candidates.filter(({ role }) => role === room.role);
      if (ofRole.length > 0) room.left = ofRole.map(amountsLeft).reduce(addAmounts);
    }
  }
};
