// An agent on the master's books, and how it gets there (master.cpp, Master::addSlave).
import type { AgentInfo } from '../../../network/messages.js';
import type { Resources } from '../../../resources/resources.js';
import { admitToAllocator, dismissFromAllocator } from '../allocator/agents.js';
import type { MasterSettings } from '../master-settings.js';
import type { AgentRecord, MasterState } from '../master-state.js';
import type { Turn } from '../turn.js';

export const newAgent = (id: string, pid: string, info: AgentInfo, total: Resources, registeredAt: number): AgentRecord => ({
  id,
  pid,
  info,
  connected: true,
  active: true,
  total,
  available: total,
  tasks: new Map(),
  executors: new Map(),
  offers: new Map(),
  inverseOffers: new Map(),
  operations: new Map(),
  killedTasks: new Set(),
  pinged: false,
  missedPings: 0,
  registeredAt,
  reregisteredAt: undefined,
});

/** It is pinged at once, and then every `agentPingTimeoutMs`. */
export function addAgent(master: MasterState, agent: AgentRecord, turn: Turn): void {
  master.agents.set(agent.id, agent);
  master.changed.agents.add(agent.id);
  master.agentIds.set(agent.pid, agent.id);
  master.pings.set(agent.id, turn.now);
  admitToAllocator(master, agent);
}

export const agentAt = (master: MasterState, pid: string): AgentRecord | undefined => master.agents.get(master.agentIds.get(pid) ?? '');

/** Off the books of those that are here; what becomes of it is the caller's to say. */
export function forgetAgent(master: MasterState, agent: AgentRecord): void {
  master.agents.delete(agent.id);
  master.changed.agents.add(agent.id);
  if (master.agentIds.get(agent.pid) === agent.id) master.agentIds.delete(agent.pid);
  master.pings.delete(agent.id);
  master.reregisterDeadlines.delete(agent.id);
  dismissFromAllocator(master, agent);
}

/** Registered, unreachable, or of the registry and not back yet: what an operator's call may be about. */
export const isKnownAgent = (master: MasterState, agentId: string): boolean =>
  master.agents.has(agentId) || master.recoveredAgents.has(agentId) || master.unreachableAgents.has(agentId);

/** How long an agent waits for a ping before it looks for its master again. */
export const pingTimeoutMs = ({ agentPingTimeoutMs, maxAgentPingTimeouts }: MasterSettings): number =>
  agentPingTimeoutMs * maxAgentPingTimeouts;
