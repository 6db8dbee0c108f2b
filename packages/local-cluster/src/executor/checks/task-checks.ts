// The check and the health check of a task (src/checks/checker.cpp, health_checker.cpp).
import type { CheckInfo, CheckStatusInfo, HealthCheck, TaskInfo } from '../../generated/protocol.js';
import { checkCommand, type CheckRuntime } from './check-command.js';
import { checkHttp } from './check-http.js';
import { CheckLoop } from './check-loop.js';
import { emptyCheckStatus } from './check-status.js';
import { checkTcp } from './check-tcp.js';
import { HealthJudge, isHealthy, type TaskHealth } from './health.js';

export interface ChecksListener {
  /** The check's result has changed. */
  checked(status: CheckStatusInfo): void;
  health(health: TaskHealth): void;
}

type Performer = (timeoutMs: number, signal: AbortSignal) => Promise<CheckStatusInfo | undefined>;

const commandPerformer =
  (runtime: CheckRuntime, command: NonNullable<HealthCheck['command']>): Performer =>
  async (timeoutMs, signal) => {
    const code = await checkCommand(runtime, command, timeoutMs, signal);
    return code === undefined ? undefined : { type: 'COMMAND', command: { exit_code: code } };
  };

const httpPerformer =
  (url: string): Performer =>
  async (timeoutMs, signal) => ({ type: 'HTTP', http: { status_code: await checkHttp(url, timeoutMs, signal) } });

const tcpPerformer =
  (host: string, port: number): Performer =>
  async (timeoutMs, signal) => ({ type: 'TCP', tcp: { succeeded: await checkTcp(host, port, timeoutMs, signal) } });

/** undefined: a kind that the master does not let pass. */
const checkPerformer = ({ type, command, http, tcp }: CheckInfo, runtime: CheckRuntime): Performer | undefined => {
  if (type === 'COMMAND' && command !== undefined) return commandPerformer(runtime, command.command);
  if (type === 'HTTP' && http !== undefined) return httpPerformer(`http://127.0.0.1:${http.port}${http.path ?? ''}`);
  return type === 'TCP' && tcp !== undefined ? tcpPerformer('127.0.0.1', tcp.port) : undefined;
};

const healthPerformer = ({ type, command, http, tcp }: HealthCheck, runtime: CheckRuntime): Performer | undefined => {
  if (type === 'COMMAND' && command !== undefined) return commandPerformer(runtime, command);
  if (type === 'HTTP' && http !== undefined) {
    const host = http.protocol === 'IPv6' ? '[::1]' : '127.0.0.1';
    return httpPerformer(`${http.scheme ?? 'http'}://${host}:${http.port}${http.path ?? ''}`);
  }
  return type === 'TCP' && tcp !== undefined ? tcpPerformer(tcp.protocol === 'IPv6' ? '::1' : '127.0.0.1', tcp.port) : undefined;
};

/** The protocol's defaults (mesos.proto, CheckInfo and HealthCheck). */
const timingOf = ({ delay_seconds = 15, interval_seconds = 10, timeout_seconds = 20 }: CheckInfo | HealthCheck) => ({
  delayMs: delay_seconds * 1000,
  intervalMs: interval_seconds * 1000,
  // Zero: however long it takes.
  timeoutMs: timeout_seconds === 0 ? Infinity : timeout_seconds * 1000,
});

const startCheck = (check: CheckInfo, runtime: CheckRuntime, listener: ChecksListener): CheckLoop | undefined => {
  const performer = checkPerformer(check, runtime);
  const empty = emptyCheckStatus(check);
  if (performer === undefined || empty === undefined) return undefined;
  const { timeoutMs, ...timing } = timingOf(check);
  let previous = empty;
  return new CheckLoop({
    ...timing,
    perform: (signal) => performer(timeoutMs, signal),
    onResult: (result) => {
      const status = 'status' in result ? result.status : empty;
      if (JSON.stringify(status) === JSON.stringify(previous)) return;
      previous = status;
      listener.checked(status);
    },
  });
};

const startHealthCheck = (check: HealthCheck, runtime: CheckRuntime, listener: ChecksListener): CheckLoop | undefined => {
  const performer = healthPerformer(check, runtime);
  if (performer === undefined) return undefined;
  const { timeoutMs, ...timing } = timingOf(check);
  const judge = new HealthJudge(check, Date.now());
  return new CheckLoop({
    ...timing,
    perform: (signal) => performer(timeoutMs, signal),
    onResult: (result) => {
      const health = judge.judge('status' in result && isHealthy(result.status), Date.now());
      if (health !== undefined) listener.health(health);
    },
  });
};

export class TaskChecks {
  private readonly loops: readonly CheckLoop[];

  constructor({ check, health_check }: TaskInfo, runtime: CheckRuntime, listener: ChecksListener) {
    this.loops = [check && startCheck(check, runtime, listener), health_check && startHealthCheck(health_check, runtime, listener)].filter(
      (loop) => loop !== undefined,
    );
  }

  pause(): void {
    for (const loop of this.loops) loop.pause();
  }

  resume(): void {
    for (const loop of this.loops) loop.resume();
  }
}
