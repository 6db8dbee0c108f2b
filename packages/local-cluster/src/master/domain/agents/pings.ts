// What time alone does to agents: pings, and the deadlines for coming back (master.cpp: SlaveObserver, agentReregisterTimeout,
// recoveredSlavesTimeout).
import type { AgentRecord, MasterState } from '../master-state.js';
import { sendToAgent, type Turn } from '../turn.js';
import { formatDuration } from '../../../durations/format-duration.js';
import { loseRecoveredAgents, markUnreachable } from './unreachable.js';

/** When `agentTimers` is due next (epoch ms); Infinity: not before an agent registers. */
export const nextAgentTimer = (master: MasterState): number =>
  Math.min(master.pings.next, master.reregisterDeadlines.next, master.recoveryDeadline ?? Infinity);

/** true: it has been silent for too long. */
const missesPing = (agent: Pick<AgentRecord, 'pinged' | 'missedPings'>, maxMissed: number): boolean => {
  if (!agent.pinged) return false;
  agent.missedPings += 1;
  return agent.missedPings >= maxMissed;
};

export function agentAnswersPing(master: MasterState, pid: string, agentId: string): void {
  const agent = master.agents.get(agentId);
  if (agent?.pid !== pid) return;
  agent.pinged = false;
  agent.missedPings = 0;
}

const pingDue = (master: MasterState, turn: Turn): void => {
  const { agentPingTimeoutMs, maxAgentPingTimeouts } = master.settings;
  for (const agentId of master.pings.takeDue(turn.now)) {
    const agent = master.agents.get(agentId);
    if (agent === undefined) continue;
    if (missesPing(agent, maxAgentPingTimeouts)) {
      markUnreachable(master, agentId, 'health check timed out', turn);
      continue;
    }
    sendToAgent(agentId, { type: 'ping', connected: agent.connected }, turn);
    agent.pinged = true;
    master.pings.set(agentId, turn.now + agentPingTimeoutMs);
  }
};

/** All that is due now. */
export function agentTimers(master: MasterState, turn: Turn): void {
  pingDue(master, turn);
  for (const agentId of master.reregisterDeadlines.takeDue(turn.now)) {
    const timeout = formatDuration(master.settings.agentReregisterTimeoutMs);
    markUnreachable(master, agentId, `agent did not reregister within ${timeout} after disconnecting`, turn);
  }
  if (master.recoveryDeadline !== undefined && master.recoveryDeadline <= turn.now) loseRecoveredAgents(master, turn);
}
