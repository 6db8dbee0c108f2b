// GET /metrics/snapshot and GET_METRICS of a master (src/master/metrics.cpp; src/master/allocator/mesos/metrics.cpp).
import { systemMetrics, type Metrics } from '../../http/process-routes.js';
import { add, scalarMilli, type Resources } from '../../resources/resources.js';
import type { MasterState } from '../domain/master-state.js';
import type { Leadership } from '../leadership.js';
import { offeredBy, total, usedBy } from '../views/holdings.js';
import type { MasterCounters } from './counters.js';
import { operationMetrics } from './operation-metrics.js';

const WELL_KNOWN = ['cpus', 'disk', 'gpus', 'mem'] as const;

const revocable = (resources: Resources): Resources => resources.filter((each) => each.revocable !== undefined);
const firm = (resources: Resources): Resources => resources.filter((each) => each.revocable === undefined);

const resourceMetrics = (state: MasterState): Metrics => {
  const metrics: Record<string, number> = {};
  const agents = [...state.agents.values()];
  const all = agents.reduce<Resources>((sum, agent) => add(sum, agent.total), []);
  const used = agents.reduce<Resources>((sum, agent) => add(sum, total(usedBy(agent))), []);
  const kinds = [
    ['', firm],
    ['_revocable', revocable],
  ] as const;
  for (const name of WELL_KNOWN)
    for (const [suffix, part] of kinds) {
      const [totalMilli, usedMilli] = [scalarMilli(part(all), name), scalarMilli(part(used), name)];
      metrics[`master/${name}${suffix}_total`] = totalMilli / 1000;
      metrics[`master/${name}${suffix}_used`] = usedMilli / 1000;
      metrics[`master/${name}${suffix}_percent`] = totalMilli === 0 ? 0 : usedMilli / totalMilli;
    }
  return metrics;
};

const allocatorMetrics = (state: MasterState): Metrics => {
  const metrics: Record<string, number> = {};
  const agents = [...state.agents.values()];
  const all = agents.reduce<Resources>((sum, agent) => add(sum, agent.total), []);
  const held = agents.reduce<Resources>((sum, agent) => add(add(sum, total(usedBy(agent))), total(offeredBy(agent))), []);
  for (const name of WELL_KNOWN) {
    if (scalarMilli(all, name) === 0) continue;
    metrics[`allocator/mesos/resources/${name}/total`] = scalarMilli(all, name) / 1000;
    metrics[`allocator/mesos/resources/${name}/offered_or_allocated`] = scalarMilli(held, name) / 1000;
  }
  const filters = new Map<string, number>();
  for (const framework of state.frameworks.values())
    for (const role of framework.roles) filters.set(role, (filters.get(role) ?? 0) + (framework.filters.get(role)?.size ?? 0));
  for (const [role, active] of filters) metrics[`allocator/mesos/offer_filters/roles/${role}/active`] = active;
  return metrics;
};

const ACTIVE_STATES = ['killing', 'running', 'staging', 'starting', 'unreachable'] as const;

const taskMetrics = (state: MasterState): Metrics => {
  const counts = new Map<string, number>();
  for (const { tasks, unreachableTasks } of state.frameworks.values())
    for (const task of [...tasks.values(), ...unreachableTasks.values()]) counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
  return Object.fromEntries(ACTIVE_STATES.map((name) => [`master/tasks_${name}`, counts.get(`TASK_${name.toUpperCase()}`) ?? 0]));
};

export const masterMetrics = (state: MasterState, leadership: Leadership, counters: MasterCounters, subscribers: number): Metrics => {
  const agents = [...state.agents.values()];
  const frameworks = [...state.frameworks.values()];
  const now = Date.now();
  return {
    ...systemMetrics(),
    ...resourceMetrics(state),
    ...allocatorMetrics(state),
    ...taskMetrics(state),
    ...operationMetrics(state),
    ...Object.fromEntries([...counters.all()].map(([name, count]) => [`master/${name}`, count])),
    ...counters.frameworks.metrics(now),
    'allocator/event_queue_dispatches': 0,
    'allocator/mesos/event_queue_dispatches': 0,
    'master/elected': leadership.current().leading ? 1 : 0,
    'master/event_queue_dispatches': 0,
    'master/event_queue_http_requests': 0,
    'master/event_queue_messages': 0,
    'master/frameworks_active': frameworks.filter((framework) => framework.state === 'active').length,
    'master/frameworks_connected': frameworks.filter(({ stream }) => stream !== undefined).length,
    'master/frameworks_disconnected': frameworks.filter(({ stream }) => stream === undefined).length,
    'master/frameworks_inactive': frameworks.filter((framework) => framework.state !== 'active').length,
    'master/operator_event_stream_subscribers': subscribers,
    'master/outstanding_offers': state.offers.size,
    'master/slaves_active': agents.filter(({ active }) => active).length,
    'master/slaves_connected': agents.filter(({ connected }) => connected).length,
    'master/slaves_disconnected': agents.filter(({ connected }) => !connected).length,
    'master/slaves_inactive': agents.filter(({ active }) => !active).length,
    'master/slaves_unreachable': state.unreachableAgents.size,
    'master/uptime_secs': (now - state.startedAt) / 1000,
    'registrar/queued_operations': 0,
  };
};
