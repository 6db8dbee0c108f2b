// What the operator endpoints answer (src/master/http.cpp and readonly_handler.cpp; field names as in /state of a real master).
import type { ContainerStatus, FrameworkInfo, TaskStatus } from '../../../generated/protocol.js';
import type { AgentRecord, FrameworkRecord, MasterState, OfferRecord } from '../master-state.js';
import { formatQuantity } from '../../../resources/format.js';
import type { Quantity } from '../../../resources/quantity.js';
import { add, type Resources } from '../../../resources/resources.js';
import type { Task } from '../task.js';

type View = Record<string, unknown>;

const seconds = (ms: number | undefined): number => (ms ?? 0) / 1000;

/** The four well-known scalars are always there (common/http.cpp, model). */
const quantities = (resources: Resources): View => {
  const view: View = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const quantity of resources) {
    view[quantity.name] = quantity.type === 'SCALAR' ? quantity.milli / 1000 : formatQuantity(quantity);
  }
  return view;
};

const sum = (parts: Iterable<{ readonly resources: Resources }>): Resources =>
  [...parts].reduce<Resources>((total, part) => add(total, part.resources), []);

/** Without the process id, and with the protocol that an address has by default (common/http.cpp, json of ContainerStatus). */
const containerView = ({ container_id, network_infos }: ContainerStatus): View => ({
  ...(container_id === undefined ? {} : { container_id }),
  network_infos: (network_infos ?? []).map((info) => ({
    ...info,
    ip_addresses: (info.ip_addresses ?? []).map((address) => ({ protocol: 'IPv4', ...address })),
  })),
});

const statusView = ({ state, timestamp, container_status, healthy }: TaskStatus): View => ({
  state,
  timestamp,
  ...(container_status === undefined ? {} : { container_status: containerView(container_status) }),
  ...(healthy === undefined ? {} : { healthy }),
});

export const taskView = (task: Task): View => ({
  id: task.id,
  name: task.info.name,
  framework_id: task.frameworkId,
  executor_id: task.info.executor?.executor_id?.value ?? '',
  slave_id: task.agentId,
  state: task.state,
  resources: quantities(task.resources),
  role: task.role,
  statuses: task.statuses.map(statusView),
  ...(task.info.labels === undefined ? {} : { labels: task.info.labels.labels }),
  ...(task.info.discovery === undefined ? {} : { discovery: task.info.discovery }),
});

const offerView = (offer: OfferRecord): View => ({
  id: offer.id,
  framework_id: offer.frameworkId,
  allocation_info: { role: offer.role },
  slave_id: offer.agentId,
  resources: quantities(offer.resources),
});

const holding = (tasks: Iterable<Task>): Task[] =>
  [...tasks].filter(({ state }) => !['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST'].includes(state));

const capabilities = (info: FrameworkInfo): string[] => (info.capabilities ?? []).flatMap(({ type }) => (type === undefined ? [] : [type]));

export const frameworkView = (framework: FrameworkRecord): View => {
  const used = sum(holding(framework.tasks.values()));
  const offered = sum(framework.offers.values());
  const { info } = framework;
  return {
    id: framework.id,
    name: info.name,
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    used_resources: quantities(used),
    offered_resources: quantities(offered),
    capabilities: capabilities(info),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.state === 'active',
    connected: framework.state === 'active',
    recovered: framework.state === 'recovered',
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: seconds(framework.registeredAt),
    unregistered_time: seconds(framework.unregisteredAt),
    ...(framework.reregisteredAt === undefined ? {} : { reregistered_time: seconds(framework.reregisteredAt) }),
    resources: quantities(add(used, offered)),
    roles: framework.roles,
    tasks: [...framework.tasks.values()].map(taskView),
    unreachable_tasks: [...framework.unreachableTasks.values()].map(taskView),
    completed_tasks: framework.completedTasks.map(taskView),
    offers: [...framework.offers.values()].map(offerView),
    executors: [],
    offer_constraints: framework.constraints ?? {},
  };
};

const attributesView = (agent: AgentRecord): View =>
  Object.fromEntries(
    agent.info.attributes.map(({ name, text, scalar, ranges, set }) => {
      const quantity: Quantity =
        ranges === undefined
          ? { name, type: 'SET', items: set?.item ?? [] }
          : { name, type: 'RANGES', ranges: (ranges.range ?? []).map(({ begin, end }) => [begin, end] as const) };
      return [name, text?.value ?? scalar?.value ?? formatQuantity(quantity)];
    }),
  );

/** What every agent of this version says. */
const AGENT_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
];

export const agentView = (agent: AgentRecord): View => ({
  id: agent.id,
  hostname: agent.info.hostname,
  port: agent.info.port,
  attributes: attributesView(agent),
  pid: `slave(1)@${agent.info.ip}:${agent.info.port}`,
  registered_time: seconds(agent.registeredAt),
  ...(agent.reregisteredAt === undefined ? {} : { reregistered_time: seconds(agent.reregisteredAt) }),
  resources: quantities(agent.info.resources),
  used_resources: quantities(sum(holding(agent.tasks.values()))),
  offered_resources: quantities(sum(agent.offers.values())),
  reserved_resources: {},
  unreserved_resources: quantities(agent.info.resources),
  active: true,
  deactivated: false,
  version: '1.12.0',
  capabilities: AGENT_CAPABILITIES,
});

export const allTasks = (master: MasterState): Task[] =>
  [...master.frameworks.values(), ...master.completedFrameworks.values()].flatMap((framework) => [
    ...framework.tasks.values(),
    ...framework.unreachableTasks.values(),
    ...framework.completedTasks,
  ]);

/** GET /master/state */
export const stateView = (master: MasterState): View => ({
  version: master.info.version,
  start_time: seconds(master.startedAt),
  elected_time: seconds(master.startedAt),
  id: master.info.id,
  pid: master.info.pid,
  hostname: master.info.hostname,
  capabilities: (master.info.capabilities ?? []).map(({ type }) => type),
  activated_slaves: master.agents.size,
  deactivated_slaves: 0,
  unreachable_slaves: master.unreachableAgents.size,
  leader: master.info.pid,
  leader_info: { id: master.info.id, pid: master.info.pid, port: master.info.port, hostname: master.info.hostname },
  flags: {},
  slaves: [...master.agents.values()].map(agentView),
  recovered_slaves: [...master.recoveredAgents].map((id) => ({ id })),
  frameworks: [...master.frameworks.values()].map(frameworkView),
  completed_frameworks: [...master.completedFrameworks.values()].map(frameworkView),
  orphan_tasks: [],
  unregistered_frameworks: [],
});
