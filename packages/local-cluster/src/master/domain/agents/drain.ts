// The operator empties an agent or takes it out of the offers (master/http.cpp: drainAgent, deactivateAgent, reactivateAgent).
import type { AgentRecord, MasterState } from '../master-state.js';
import { changeRegistry, logLine, sendToAgent, type Turn } from '../turn.js';
import type { DrainRecord } from '../maintenance/records.js';
import { deactivate } from './disconnect.js';
import { agentIsGone } from './gone.js';
import { isKnownAgent } from './agent-record.js';
import type { OperatorAnswer } from './operator-answer.js';

const done: OperatorAnswer = { status: 200, body: '' };

/** DRAIN_AGENT; that the agent is on no maintenance schedule is the caller's to check. */
export function drainAgent(
  master: MasterState,
  agentId: string,
  { maxGracePeriodMs, markGone }: Pick<DrainRecord, 'maxGracePeriodMs' | 'markGone'>,
  turn: Turn,
): OperatorAnswer {
  if (!isKnownAgent(master, agentId)) return { status: 400, body: 'Unknown agent' };
  const drain: DrainRecord = { state: 'DRAINING', maxGracePeriodMs, markGone };
  changeRegistry({ type: 'drain', agentId, drain }, turn);
  master.drainingAgents.set(agentId, drain);
  master.deactivatedAgents.add(agentId);
  const agent = master.agents.get(agentId);
  if (agent === undefined) return done;
  logLine('agent is being drained', { agent: agentId, tasks: agent.tasks.size }, turn);
  deactivate(master, agent, turn);
  sendToAgent(agentId, { type: 'drain', maxGracePeriodMs, markGone }, turn);
  finishDraining(master, agent, turn);
  return done;
}

/** DEACTIVATE_AGENT */
export function deactivateAgent(master: MasterState, agentId: string, turn: Turn): OperatorAnswer {
  if (!isKnownAgent(master, agentId)) return { status: 400, body: 'Unknown agent' };
  changeRegistry({ type: 'deactivate', agentId }, turn);
  master.deactivatedAgents.add(agentId);
  const agent = master.agents.get(agentId);
  if (agent !== undefined) deactivate(master, agent, turn);
  return done;
}

/** REACTIVATE_AGENT */
export function reactivateAgent(master: MasterState, agentId: string, turn: Turn): OperatorAnswer {
  if (!master.deactivatedAgents.has(agentId)) return { status: 400, body: 'Agent is not deactivated' };
  if (master.drainingAgents.get(agentId)?.state === 'DRAINING') return { status: 400, body: 'Agent is still in the DRAINING state' };
  changeRegistry({ type: 'reactivate', agentId }, turn);
  master.drainingAgents.delete(agentId);
  master.deactivatedAgents.delete(agentId);
  const agent = master.agents.get(agentId);
  if (agent === undefined) return { status: 409, body: 'Agent removed while processing the call' };
  if (agent.connected) agent.active = true;
  return done;
}

/**
 * A draining agent that has neither tasks nor operations any more is drained, or gone if that was asked for; to be called whenever
 * one of these leaves the books (master.cpp, checkAndTransitionDrainingAgent).
 */
export function finishDraining(master: MasterState, agent: AgentRecord, turn: Turn): void {
  const drain = master.drainingAgents.get(agent.id);
  if (drain === undefined || drain.state === 'DRAINED') return;
  if (agent.tasks.size > 0 || agent.operations.size > 0) return;
  if (drain.markGone) return agentIsGone(master, agent.id, turn);
  changeRegistry({ type: 'drained', agentId: agent.id }, turn);
  drain.state = 'DRAINED';
  logLine('agent is drained', { agent: agent.id }, turn);
}

/** An agent that is being drained is told so each time it registers. */
export function sendDrain(master: MasterState, agent: AgentRecord, turn: Turn): void {
  const drain = master.drainingAgents.get(agent.id);
  if (drain === undefined) return;
  sendToAgent(agent.id, { type: 'drain', maxGracePeriodMs: drain.maxGracePeriodMs, markGone: drain.markGone }, turn);
  finishDraining(master, agent, turn);
}
