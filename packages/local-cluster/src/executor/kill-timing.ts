// How long a task has between SIGTERM and SIGKILL.
import type { KillPolicy } from '../generated/protocol.js';

/** src/launcher/executor.cpp and default_executor.cpp, kill. */
export const DEFAULT_KILL_GRACE_MS = 3000;
/** What an executor leaves of its shutdown's grace to tell of it (executor.cpp, shutdown: MAX_REAP_INTERVAL and a second). */
const SHUTDOWN_RESERVE_MS = 2000;

export const graceMs = (policy: KillPolicy | undefined): number | undefined =>
  policy?.grace_period === undefined ? undefined : policy.grace_period.nanoseconds / 1_000_000;

/** A command executor's shutdown grace follows its task's kill policy (slave.cpp, getExecutorInfo); without one it is the agent's. */
export const shutdownGraceMs = (policy: KillPolicy | undefined, standardMs: number): number => {
  const grace = graceMs(policy);
  return grace === undefined ? standardMs : grace + SHUTDOWN_RESERVE_MS;
};

/** What is left of it for the task. */
export const shutdownKillGraceMs = (policy: KillPolicy | undefined, standardMs: number): number =>
  Math.max(0, shutdownGraceMs(policy, standardMs) - SHUTDOWN_RESERVE_MS);

/** Calls back when the grace period is over; a later, shorter one brings that forward, a longer one changes nothing. */
export class Escalation {
  private readonly startedAt = Date.now();
  private at = Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly escalate: () => void,
    grace: number,
  ) {
    this.shorten(grace);
  }

  shorten(grace: number): void {
    if (this.startedAt + grace >= this.at) return;
    clearTimeout(this.timer);
    this.at = this.startedAt + grace;
    this.timer = setTimeout(this.escalate, Math.max(0, this.at - Date.now()));
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}
