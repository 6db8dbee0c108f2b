// GET /metrics/snapshot of an agent (src/slave/metrics.cpp).
import { systemMetrics, type Metrics } from '../../http/process-routes.js';
import { scalarMilli } from '../../resources/resources.js';
import type { AgentReport } from './agent-report.js';
import { allocatedOn } from './agent-state-view.js';

const ENDS = ['failed', 'finished', 'gone', 'killed', 'lost'];
const ACTIVE = ['killing', 'running', 'staging', 'starting'];

const taskMetrics = ({ frameworks, endedTasks }: AgentReport): Metrics => {
  const states = frameworks.flatMap(({ executors }) =>
    executors.flatMap(({ executor }) => [...executor.tasks.values()].map(({ state }) => state)),
  );
  const present = (name: string): number => states.filter((state) => state === `TASK_${name.toUpperCase()}`).length;
  return Object.fromEntries([
    ...ACTIVE.map((name) => [`slave/tasks_${name}`, present(name)]),
    ...ENDS.map((name) => [`slave/tasks_${name}`, present(name) + (endedTasks.get(`TASK_${name.toUpperCase()}`) ?? 0)]),
  ]) as Metrics;
};

const resourceMetrics = (report: AgentReport): Metrics => {
  const metrics: Record<string, number> = {};
  const used = allocatedOn(report);
  for (const name of ['cpus', 'disk', 'gpus', 'mem']) {
    const [all, taken] = [scalarMilli(report.total, name), scalarMilli(used, name)];
    metrics[`slave/${name}_total`] = all / 1000;
    metrics[`slave/${name}_used`] = taken / 1000;
    metrics[`slave/${name}_percent`] = all === 0 ? 0 : taken / all;
    for (const part of ['total', 'used', 'percent']) metrics[`slave/${name}_revocable_${part}`] = 0;
  }
  return metrics;
};

export const agentMetrics = (report: AgentReport): Metrics => {
  const executors = report.frameworks.flatMap((framework) => framework.executors);
  return {
    ...systemMetrics(),
    ...taskMetrics(report),
    ...resourceMetrics(report),
    'slave/executors_running': executors.filter(({ executor }) => executor.executor !== undefined).length,
    'slave/executors_terminated': [...report.frameworks, ...report.completedFrameworks].flatMap((one) => one.completedExecutors).length,
    'slave/frameworks_active': report.frameworks.length,
    'slave/registered': report.isRegistered ? 1 : 0,
    'slave/uptime_secs': (Date.now() - report.startedAt) / 1000,
  };
};
