import type { Quantities } from '@streams-on-mesos/messages';
import { fromMilli } from '@streams-on-mesos/mesos';
import type { State } from '../model.js';
import type { AgentFacts } from './agent-facts.js';
import type { Candidate } from './candidate.js';

/** An agent that was offered to this leader. */
export interface KnownAgent {
  /** As its last offer said. */
  readonly facts: AgentFacts;
  /** What was offered last, by role, firm and revocable together; `ports` counts them. */
  readonly offered: Map<string, Quantities>;
  /** Epoch milliseconds: when it was offered for the first and for the last time. */
  readonly since: number;
  readonly seenAt: number;
}

/** Above the largest clusters that Mesos is known to run; the agents not offered for longest are forgotten first. */
const AGENTS_KEPT = 100_000;

const offeredOf = ({ firm, revocable }: Candidate): Quantities => ({
  cpus: fromMilli(firm.cpus + (revocable?.cpus ?? 0)),
  mem: fromMilli(firm.mem + (revocable?.mem ?? 0)),
  disk: fromMilli(firm.disk + (revocable?.disk ?? 0)),
  gpus: fromMilli(firm.gpus + (revocable?.gpus ?? 0)),
  ports: firm.ports + (revocable?.ports ?? 0),
});

const sum = (a: Quantities, b: Quantities): Quantities => ({
  cpus: a.cpus + b.cpus,
  mem: a.mem + b.mem,
  disk: (a.disk ?? 0) + (b.disk ?? 0),
  gpus: (a.gpus ?? 0) + (b.gpus ?? 0),
  ports: (a.ports ?? 0) + (b.ports ?? 0),
});

/** Remembers the agents of the offers at hand, before anything is placed on them. */
export const noteAgents = (state: State, candidates: readonly Candidate[], now: number): void => {
  const { agents } = state.leader;
  for (const candidate of candidates) {
    const { id } = candidate.agent;
    const known = agents.get(id);
    const offered = known?.offered ?? new Map<string, Quantities>();
    const before = known?.seenAt === now ? offered.get(candidate.role) : undefined;
    offered.set(candidate.role, before === undefined ? offeredOf(candidate) : sum(before, offeredOf(candidate)));
    agents.delete(id);
    agents.set(id, { facts: candidate.agent, offered, since: known?.since ?? now, seenAt: now });
  }
  for (const id of agents.keys()) {
    if (agents.size <= AGENTS_KEPT) break;
    agents.delete(id);
  }
};
