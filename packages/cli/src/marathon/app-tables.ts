import { formatTable } from '../domain/table.js';
import type { MarathonApp } from './marathon-client.js';

/** The apps, and below them their tasks. */
export const appTables = (apps: readonly MarathonApp[]): string => {
  const appTable = formatTable(
    ['App', 'Instances', 'Running', 'Healthy'],
    apps.map(({ id, instances, tasksRunning, tasksHealthy, healthChecks = [] }) => {
      return [id, instances, tasksRunning ?? 0, healthChecks.length === 0 ? null : (tasksHealthy ?? 0)];
    }),
  );
  const tasks = apps.flatMap((app) => (app.tasks ?? []).map((task) => ({ app, task })));
  if (tasks.length === 0) return appTable;
  const taskTable = formatTable(
    ['Task', 'Host', 'Ports', 'State'],
    tasks.map(({ task }) => [task.id, task.host, (task.ports ?? []).join(','), task.state]),
  );
  return `${appTable}\n\n${taskTable}`;
};
