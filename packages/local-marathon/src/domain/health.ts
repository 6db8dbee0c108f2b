import type { AppHealthCheck } from './app-definition.js';

/** How one health check of one task stands. Times in ms. */
export interface Health {
  readonly alive: boolean;
  /** A result has counted. Failures within the grace period don't. */
  readonly checked: boolean;
  readonly consecutiveFailures: number;
  readonly firstSuccess?: number | undefined;
  readonly lastSuccess?: number | undefined;
  readonly lastFailure?: number | undefined;
  readonly lastFailureCause?: string | undefined;
  /** Undefined: not by us (COMMAND is checked by the executor), not now (in flight), or not yet (not running). */
  readonly probeAt?: number | undefined;
}

export type ProbeOutcome = { readonly healthy: true } | { readonly healthy: false; readonly cause: string } | 'ignored';

/** Marathon waits up to 5 s before the first check; failures in the grace period don't count, so sooner harms nobody. */
const firstProbeMs = 500;

export const unchecked: Health = { alive: false, checked: false, consecutiveFailures: 0 };

export const isProbedByMarathon = (check: AppHealthCheck): boolean => check.protocol !== 'COMMAND';

const intervalMs = (check: AppHealthCheck): number => Math.max(check.intervalSeconds, 0.1) * 1000;

/** When the first probe of a task that runs now is due. */
export const firstProbe = (check: AppHealthCheck, now: number): Health =>
  isProbedByMarathon(check) ? { ...unchecked, probeAt: now + Math.min(firstProbeMs, intervalMs(check)) } : unchecked;

/**
 * Counts one result. A failure counts only after a first success, or when the grace period, begun as the task started to run, is over
 * (docs/health-checks.md).
 */
export function countResult(health: Health, check: AppHealthCheck, outcome: ProbeOutcome, runningSince: number, now: number): Health {
  const next = isProbedByMarathon(check) ? { ...health, probeAt: now + intervalMs(check) } : health;
  if (outcome === 'ignored') return next;
  if (outcome.healthy) {
    return {
      ...next,
      alive: true,
      checked: true,
      consecutiveFailures: 0,
      firstSuccess: health.firstSuccess ?? now,
      lastSuccess: now,
    };
  }
  if (health.firstSuccess === undefined && now < runningSince + check.gracePeriodSeconds * 1000) return next;
  return {
    ...next,
    alive: false,
    checked: true,
    consecutiveFailures: health.consecutiveFailures + 1,
    lastFailure: now,
    lastFailureCause: outcome.cause,
  };
}

/** 0 as maximum: never. The executor itself ends a task whose COMMAND check fails. */
export const mustEnd = (health: Health, check: AppHealthCheck): boolean =>
  isProbedByMarathon(check) && check.maxConsecutiveFailures > 0 && health.consecutiveFailures >= check.maxConsecutiveFailures;
