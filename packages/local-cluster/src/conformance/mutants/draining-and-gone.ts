import { fault, type Mutant } from './mutant.js';

const drain = 'master/domain/agents/drain.ts';

export const drainingAndGoneMutants: readonly Mutant[] = [
  fault('agent/drain-kill-policy.ts', `nanoseconds < ownNanoseconds`, `false`, 'DRAIN_AGENT kills the tasks of the agent within*'),
  fault(
    drain,
    `  if (agent !== undefined) deactivate(master, agent, turn);\n`,
    ``,
    'DEACTIVATE_AGENT rescinds the offers of the agent and leaves its tasks alone*',
  ),
  fault(drain, `body: 'Agent is not deactivated'`, `body: ''`, 'an agent that is unknown can not be drained*'),
  fault(
    drain,
    `  if (drain.markGone) return agentIsGone(master, agent.id, turn);\n`,
    ``,
    'DRAIN_AGENT with mark_gone: its tasks are killed*',
  ),
  fault('master/domain/agents/gone.ts', `'REASON_AGENT_REMOVED_BY_OPERATOR'`, `'REASON_AGENT_REMOVED'`, 'MARK_AGENT_GONE: its tasks*'),
  fault(
    'master/domain/agents/reregister.ts',
    `if (master.goneAgents.has(agentId)) return`,
    `if (false) return`,
    'an agent that was marked gone while it was away is refused when it comes back',
  ),
];
