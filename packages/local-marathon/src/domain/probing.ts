import type { AppHealthCheck } from './app-definition.js';
import type { Effect, Probe } from './events.js';
import { countResult, mustEnd, type ProbeOutcome } from './health.js';
import { markForKill } from './killing.js';
import type { State } from './state.js';
import { isRunning, type Task } from './task.js';

/** The probes that are due. A check has one under way at most. */
export function dueProbes(state: State, now: number): Effect[] {
  return [...state.tasks.values()].filter((task) => isRunning(task) && !task.kill).flatMap((task) => dueProbesOf(task, now));
}

function dueProbesOf(task: Task, now: number): Effect[] {
  const effects: Effect[] = [];
  task.health = task.health.map((health, index) => {
    const check = task.healthChecks[index];
    if (!check || health.probeAt === undefined || now < health.probeAt) return health;
    effects.push({ type: 'probe', taskId: task.id, check: index, probe: probeOf(task, check) });
    return { ...health, probeAt: undefined };
  });
  return effects;
}

const protocols = {
  HTTP: 'http',
  MESOS_HTTP: 'http',
  HTTPS: 'https',
  MESOS_HTTPS: 'https',
  TCP: 'tcp',
  MESOS_TCP: 'tcp',
  COMMAND: 'tcp',
} as const;

function probeOf(task: Task, check: AppHealthCheck): Probe {
  const path = check.path ?? '/';
  return {
    protocol: protocols[check.protocol],
    host: task.host,
    port: check.port ?? task.ports[check.portIndex ?? 0] ?? 0,
    path: path.startsWith('/') ? path : `/${path}`,
    timeoutMs: Math.max(check.timeoutSeconds, 0.1) * 1000,
    ignoreHttp1xx: check.ignoreHttp1xx,
  };
}

export function takeProbeResult(state: State, taskId: string, index: number, outcome: ProbeOutcome, now: number): Effect[] {
  const task = state.tasks.get(taskId);
  const check = task?.healthChecks[index];
  const before = task?.health[index];
  if (!task || !check || !before) return [];
  const health = countResult(before, check, outcome, task.startedAt ?? task.stagedAt, now);
  task.health[index] = health;
  if (mustEnd(health, check)) markForKill(state, task, 'failed its health checks');
  if (health.alive === before.alive && health.checked === before.checked) return [];
  const fields = { taskId, host: task.host, ...(health.alive ? {} : { cause: health.lastFailureCause }) };
  return [{ type: 'log', level: health.alive ? 'info' : 'warn', message: health.alive ? 'task is healthy' : 'task is unhealthy', fields }];
}
