import type { KillPolicy } from '../generated/protocol.js';

/** What a task is killed with when its agent is drained: the operator's limit if it is the shorter one (slave.cpp, Slave::drain). */
export function drainKillPolicy(own: KillPolicy | undefined, maxGracePeriodMs: number | undefined): KillPolicy | undefined {
  if (maxGracePeriodMs === undefined) return undefined;
  const nanoseconds = maxGracePeriodMs * 1_000_000;
  const ownNanoseconds = own?.grace_period?.nanoseconds;
  return ownNanoseconds === undefined || nanoseconds < ownNanoseconds ? { grace_period: { nanoseconds } } : undefined;
}
