// An agent that has no id yet (master.cpp: registerSlave, _registerSlave, __registerSlave).
import type { ToMaster } from '../../../network/messages.js';
import { isOnDownMachine } from '../maintenance/machines.js';
import type { MasterState } from '../master-state.js';
import { changeRegistry, logLine, sendToAgent, sendToProcess, type Turn } from '../turn.js';
import { addAgent, agentAt, newAgent, pingTimeoutMs } from './agent-record.js';
import { removeAgent } from './remove.js';

type Register = Extract<ToMaster, { readonly type: 'register' }>;

/** An agent on a machine that maintenance took down is told to end. */
export function refuseDownMachine(pid: string, turn: Turn): void {
  sendToProcess(pid, { type: 'shutdown', message: 'Machine is `DOWN`' }, turn);
}

export function agentRegisters(master: MasterState, pid: string, { agent: info, total }: Register, turn: Turn): void {
  if (isOnDownMachine(master, info)) return refuseDownMachine(pid, turn);
  // Mesos lets an agent with a domain wait while the master itself has none.
  if (info.domain !== undefined && master.info.domain === undefined)
    return logLine('ignored an agent with a domain: the master has none', { pid }, turn);
  const known = agentAt(master, pid);
  // Its first attempt's answer is late: it gets the same id again.
  if (known?.connected === true)
    return sendToAgent(known.id, { type: 'registered', agentId: known.id, pingTimeoutMs: pingTimeoutMs(master.settings) }, turn);
  if (known !== undefined) removeAgent(master, known, 'a new agent registered at the same address', turn);
  const id = `${master.info.id}-S${master.next.agent}`;
  master.next.agent += 1;
  changeRegistry({ type: 'admit', agentId: id }, turn);
  const agent = newAgent(id, pid, info, total, turn.now);
  addAgent(master, agent, turn);
  sendToAgent(id, { type: 'registered', agentId: id, pingTimeoutMs: pingTimeoutMs(master.settings) }, turn);
  logLine('agent registered', { agent: id, hostname: info.hostname }, turn);
}
