// Frameworks that a master knows of from an agent that runs something for them (master.cpp: recoverFramework, updateSlaveFrameworks).
import type { FrameworkInfo } from '../../../generated/protocol.js';
import type { AgentRecord, FrameworkRecord, MasterState } from '../master-state.js';
import { sendToAgent, type Turn } from '../turn.js';
import { updateStanding } from '../allocator/shares.js';
import { newFramework } from '../subscription.js';

/** Known from now on, if it was not; undefined: this master has seen its end. */
export function recoverFramework(master: MasterState, info: FrameworkInfo, now: number): FrameworkRecord | undefined {
  const id = info.id?.value ?? '';
  if (master.completedFrameworks.has(id)) return undefined;
  const present = master.frameworks.get(id);
  if (present !== undefined) return present;
  const framework = newFramework(info, id, 'recovered', now);
  master.frameworks.set(id, framework);
  updateStanding(master, framework);
  return framework;
}

/** Those that are here already tell the agent what they are like now (master.cpp, updateSlaveFrameworks). */
export function recoverFrameworks(master: MasterState, agent: AgentRecord, infos: readonly FrameworkInfo[], turn: Turn): void {
  for (const info of infos) {
    const present = master.frameworks.get(info.id?.value ?? '');
    if (present !== undefined) sendToAgent(agent.id, { type: 'update-framework', framework: present.info }, turn);
    else recoverFramework(master, info, turn.now);
  }
}
