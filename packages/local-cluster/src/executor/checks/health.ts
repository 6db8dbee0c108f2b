// What a row of health checks says of a task (src/checks/health_checker.cpp).
import type { CheckStatusInfo, HealthCheck } from '../../generated/protocol.js';

export interface TaskHealth {
  readonly healthy: boolean;
  /** It failed often enough to be killed. */
  readonly killTask: boolean;
}

export const isHealthy = ({ command, http, tcp }: CheckStatusInfo): boolean => {
  if (command !== undefined) return command.exit_code === 0;
  if (http !== undefined) return (http.status_code ?? 0) >= 200 && (http.status_code ?? 0) < 400;
  return tcp?.succeeded === true;
};

export class HealthJudge {
  private consecutiveFailures = 0;
  private initializing = true;
  private readonly graceEndsAt: number;
  private readonly mostFailures: number;

  constructor({ grace_period_seconds = 10, consecutive_failures = 3 }: HealthCheck, now: number) {
    this.graceEndsAt = grace_period_seconds > 0 ? now + grace_period_seconds * 1000 : -Infinity;
    this.mostFailures = consecutive_failures;
  }

  /** undefined: nothing that the framework is told of. */
  judge(succeeded: boolean, now: number): TaskHealth | undefined {
    if (succeeded) {
      const isNews = this.initializing || this.consecutiveFailures > 0;
      this.initializing = false;
      this.consecutiveFailures = 0;
      return isNews ? { healthy: true, killTask: false } : undefined;
    }
    if (this.initializing && now <= this.graceEndsAt) return undefined;
    this.consecutiveFailures += 1;
    return { healthy: false, killTask: this.consecutiveFailures >= this.mostFailures };
  }
}
