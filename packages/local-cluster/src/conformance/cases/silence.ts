import type { CaseContext } from '../case-context.js';
import { durationMs } from '../cluster-facts.js';

/** Until the master notices that an agent is silent. */
export const silenceMs = ({ facts: { flags }, patienceMs }: CaseContext): number =>
  (durationMs(flags['agent_ping_timeout']) ?? 15_000) * (Number(flags['max_agent_ping_timeouts'] ?? 5) + 1) + patienceMs;
