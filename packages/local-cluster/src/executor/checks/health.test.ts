import { describe, expect, it } from 'vitest';
import { HealthJudge, isHealthy } from './health.js';

describe('health', () => {
  it('failures are overlooked within the grace period, as long as nothing succeeded', () => {
    const judge = new HealthJudge({ grace_period_seconds: 10, consecutive_failures: 2 }, 0);
    expect(judge.judge(false, 10_000)).toBeUndefined();
    expect(judge.judge(true, 10_000)).toEqual({ healthy: true, killTask: false });
    expect(judge.judge(false, 10_000)).toEqual({ healthy: false, killTask: false });
  });

  it('a success is told when it is the first or follows a failure', () => {
    const judge = new HealthJudge({ grace_period_seconds: 0 }, 0);
    expect([true, true, false, true].map((succeeded) => judge.judge(succeeded, 1)?.healthy)).toEqual([true, undefined, false, true]);
  });

  it('each failure is told, and kills from the n-th in a row on', () => {
    const judge = new HealthJudge({ grace_period_seconds: 0, consecutive_failures: 2 }, 0);
    expect([false, true, false, false].map((succeeded) => judge.judge(succeeded, 1)?.killTask)).toEqual([false, false, false, true]);
    expect(new HealthJudge({ grace_period_seconds: 0, consecutive_failures: 0 }, 0).judge(false, 1)?.killTask).toBe(true);
  });

  it.each([
    [{ command: { exit_code: 0 } }, true],
    [{ command: { exit_code: 1 } }, false],
    [{ http: { status_code: 199 } }, false],
    [{ http: { status_code: 200 } }, true],
    [{ http: { status_code: 399 } }, true],
    [{ http: { status_code: 400 } }, false],
    [{ tcp: { succeeded: true } }, true],
    [{ tcp: { succeeded: false } }, false],
  ])('%j is healthy: %s', (status, healthy) => expect(isHealthy(status)).toBe(healthy));
});
