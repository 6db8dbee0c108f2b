// A task in /state, /frameworks and /tasks (src/common/http.cpp, json of Task, TaskStatus and ContainerStatus).
import type { ContainerStatus, NetworkInfo, TaskInfo, TaskState, TaskStatus } from '../../generated/protocol.js';
import { jsonOf } from '../../wire/operator-messages.js';
import type { Resources } from '../../resources/resources.js';
import { resourcesView, type View } from './resources-view.js';

/** Of a master's or of an agent's task. */
export interface ShownTask {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly resources: Resources;
  readonly info: TaskInfo;
  readonly state: TaskState;
  readonly statuses: readonly TaskStatus[];
}

const networkView = (info: NetworkInfo): View => {
  const { groups = [], labels, ip_addresses, name, port_mappings } = jsonOf('NetworkInfo', info) as unknown as NetworkInfo;
  return {
    ...(groups.length === 0 ? {} : { groups }),
    ...(labels === undefined ? {} : { labels: labels.labels ?? [] }),
    ...(ip_addresses === undefined ? {} : { ip_addresses }),
    ...(name === undefined ? {} : { name }),
    ...(port_mappings === undefined ? {} : { port_mappings }),
  };
};

/** Without the process id. */
const containerView = ({ container_id, network_infos = [], cgroup_info }: ContainerStatus): View => ({
  ...(container_id === undefined ? {} : { container_id }),
  ...(network_infos.length === 0 ? {} : { network_infos: network_infos.map(networkView) }),
  ...(cgroup_info === undefined ? {} : { cgroup_info }),
});

const statusView = ({ state, timestamp, labels, container_status, healthy }: TaskStatus): View => ({
  state,
  timestamp,
  ...(labels === undefined ? {} : { labels: labels.labels ?? [] }),
  ...(container_status === undefined ? {} : { container_status: containerView(container_status) }),
  ...(healthy === undefined ? {} : { healthy }),
});

export const taskView = ({ id, frameworkId, agentId, role, resources, info, state, statuses }: ShownTask): View => {
  const user = info.command?.user ?? info.executor?.command?.user;
  const limits = Object.entries(info.limits ?? {});
  return {
    id,
    name: info.name,
    framework_id: frameworkId,
    executor_id: info.executor?.executor_id?.value ?? '',
    slave_id: agentId,
    state,
    resources: resourcesView(resources),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits.map(([name, { value }]) => [name, value])) }),
    role,
    statuses: statuses.map(statusView),
    ...(user === undefined ? {} : { user }),
    ...(info.labels === undefined ? {} : { labels: info.labels.labels ?? [] }),
    ...(info.discovery === undefined ? {} : { discovery: jsonOf('DiscoveryInfo', info.discovery) }),
    ...(info.container === undefined ? {} : { container: jsonOf('ContainerInfo', info.container) }),
    ...(info.health_check === undefined ? {} : { health_check: jsonOf('HealthCheck', info.health_check) }),
  };
};
