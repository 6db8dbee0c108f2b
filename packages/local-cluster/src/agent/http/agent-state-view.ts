// GET /state of an agent (src/slave/http.cpp: Http::state, FrameworkWriter, ExecutorWriter).
import { join } from 'node:path';
import { isTerminal } from '../../master/domain/task.js';
import { attributesView, domainView } from '../../master/views/agent-view.js';
import { fullResources, reservedFull, reservedView, resourcesView, type View } from '../../master/views/resources-view.js';
import { taskView, type ShownTask } from '../../master/views/task-view.js';
import { seconds } from '../../master/views/times.js';
import { AGENT_CAPABILITIES, versionInfo } from '../../master/views/version.js';
import { unreserved } from '../../resources/reservations.js';
import { add, fromWire, type Resources } from '../../resources/resources.js';
import type { RunningExecutor, RunningTask } from '../books.js';
import type { AgentReport, ShownExecutor, ShownFramework } from './agent-report.js';
import { executorInfoOf } from './command-executor-info.js';

export const shownTask = (agentId: string, { framework }: RunningExecutor, { info, role, state, lastStatus }: RunningTask): ShownTask => ({
  id: info.task_id.value,
  frameworkId: framework.id,
  agentId,
  role,
  resources: fromWire(info.resources),
  info,
  state,
  statuses: lastStatus === undefined ? [] : [lastStatus],
});

export const sandboxOf = ({ workDir, id = '' }: AgentReport, { framework, id: executorId, containerId }: RunningExecutor): string =>
  join(workDir, 'slaves', id, 'frameworks', framework.id, 'executors', executorId, 'runs', containerId);

/** Of the executor and of its tasks that have not ended. */
const heldBy = ({ info, tasks }: RunningExecutor): Resources =>
  [...tasks.values()]
    .filter(({ state }) => !isTerminal(state))
    .reduce<Resources>((sum, task) => add(sum, fromWire(task.info.resources)), fromWire(info?.resources));

const executorView = (report: AgentReport, { executor, completedTasks }: ShownExecutor): View => {
  const info = executorInfoOf(executor, completedTasks);
  const tasks = [...executor.tasks.values()];
  const view = (task: RunningTask): View => taskView(shownTask(report.id ?? '', executor, task));
  return {
    id: executor.id,
    name: info.name ?? '',
    source: info.source ?? '',
    container: executor.containerId,
    directory: sandboxOf(report, executor),
    resources: resourcesView(heldBy(executor)),
    role: executor.role,
    ...(info.labels === undefined ? {} : { labels: info.labels.labels ?? [] }),
    ...(info.type === undefined ? {} : { type: info.type }),
    tasks: tasks.filter(({ state }) => !isTerminal(state)).map(view),
    queued_tasks: [],
    completed_tasks: [...completedTasks, ...tasks.filter(({ state }) => isTerminal(state))].map(view),
  };
};

const frameworkView = (report: AgentReport, { info, executors, completedExecutors }: ShownFramework): View => ({
  id: info.id?.value ?? '',
  name: info.name,
  user: info.user,
  failover_timeout: info.failover_timeout ?? 0,
  checkpoint: info.checkpoint ?? false,
  hostname: info.hostname ?? '',
  ...(info.principal === undefined ? {} : { principal: info.principal }),
  ...((info.capabilities ?? []).some(({ type }) => type === 'MULTI_ROLE') ? { roles: info.roles ?? [] } : { role: info.role ?? '*' }),
  executors: executors.map((each) => executorView(report, each)),
  completed_executors: completedExecutors.map((each) => executorView(report, each)),
});

export const allocatedOn = ({ frameworks }: AgentReport): Resources =>
  frameworks
    .flatMap(({ executors }) => executors)
    .reduce<Resources>((sum, { executor }) => (executor.executor === undefined ? sum : add(sum, heldBy(executor))), []);

export const agentStateView = (report: AgentReport): View => {
  const { id = '', pid, info, total, master, drain } = report;
  const allocated = allocatedOn(report);
  return {
    ...versionInfo,
    start_time: seconds(report.startedAt),
    id,
    pid,
    hostname: info.hostname,
    capabilities: AGENT_CAPABILITIES,
    ...(info.domain === undefined ? {} : { domain: domainView(info.domain) }),
    ...(drain === undefined ? {} : { drain_config: drainConfig(drain) }),
    resources: resourcesView(total),
    reserved_resources: reservedView(total),
    unreserved_resources: resourcesView(unreserved(total)),
    reserved_resources_full: reservedFull(total),
    unreserved_resources_full: fullResources(unreserved(total)),
    reserved_resources_allocated: reservedView(allocated),
    unreserved_resources_allocated: resourcesView(unreserved(allocated)),
    resource_providers: [],
    attributes: attributesView(info.attributes),
    ...(master === undefined ? {} : { master_hostname: master.replace(/^.*@|:\d+$/g, '') }),
    flags: agentFlags(report),
    frameworks: report.frameworks.map((framework) => frameworkView(report, framework)),
    completed_frameworks: report.completedFrameworks.map((framework) => frameworkView(report, framework)),
  };
};

export const drainConfig = ({ maxGracePeriodMs, markGone }: NonNullable<AgentReport['drain']>) => ({
  ...(maxGracePeriodMs === undefined ? {} : { max_grace_period: { nanoseconds: maxGracePeriodMs * 1_000_000 } }),
  mark_gone: markGone,
});

/** Under the names of Mesos's flags, as far as the local cluster has them (src/slave/flags.cpp). */
export const agentFlags = ({ info, workDir }: AgentReport): Readonly<Record<string, string>> => ({
  hostname: info.hostname,
  ip: info.ip,
  isolation: 'posix/cpu,posix/mem',
  launcher: 'posix',
  port: String(info.port),
  recover: 'reconnect',
  work_dir: workDir,
});
