import type { Quantities } from '@streams-on-mesos/messages';
import { fromMilli } from '@streams-on-mesos/mesos';
import type { State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import { addAmounts, amountsInUse, amountsLeft, type Amounts } from './amounts.js';
import type { Candidate } from './candidate.js';

/** What an agent can have for a role. */
export interface AgentRoom {
  /** What was offered last and is not used since. */
  left: Amounts;
  /** What would be offered if all tasks of this framework on the agent had ended. */
  capacity: Amounts;
}

/** An agent that was offered to this leader. */
export interface KnownAgent {
  /** As its last offer said. */
  readonly facts: AgentFacts;
  /** What was offered last, by role, firm and revocable together; `ports` counts them. */
  readonly offered: Map<string, Quantities>;
  /** By role. */
  readonly rooms: Map<string, AgentRoom>;
  /** Epoch milliseconds: when it was offered for the first and for the last time. */
  readonly since: number;
  readonly seenAt: number;
}

/** Above the largest clusters that Mesos is known to run; the agents not offered for longest are forgotten first. */
const AGENTS_KEPT = 100_000;

const quantitiesOf = ({ cpus, mem, disk, gpus, ports }: Amounts): Quantities => ({
  cpus: fromMilli(cpus),
  mem: fromMilli(mem),
  disk: fromMilli(disk),
  gpus: fromMilli(gpus),
  ports,
});

/** Remembers the agents of the offers at hand, before anything is placed on them. */
export const noteAgents = (state: State, candidates: Iterable<Candidate>, now: number): void => {
  const { agents } = state.leader;
  const noted = new Set<string>();
  for (const candidate of candidates) {
    const { agent, role } = candidate;
    const known = agents.get(agent.id);
    const rooms = known?.rooms ?? new Map<string, AgentRoom>();
    const offered = known?.offered ?? new Map<string, Quantities>();
    const key = `${agent.id} ${role}`;
    const before = noted.has(key) ? rooms.get(role) : undefined;
    noted.add(key);
    const amounts = amountsLeft(candidate);
    const left = before === undefined ? amounts : addAmounts(before.left, amounts);
    const used = amountsInUse(state, agent.id);
    rooms.set(role, { left, capacity: used === undefined ? left : addAmounts(left, used) });
    offered.set(role, quantitiesOf(left));
    // Anew, so that the agent not offered for longest comes first.
    agents.delete(agent.id);
    agents.set(agent.id, { facts: agent, offered, rooms, since: known?.since ?? now, seenAt: now });
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
