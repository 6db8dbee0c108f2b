// GET /state, /frameworks and /tasks (src/master/readonly_handler.cpp).
import type { MasterState } from '../domain/master-state.js';
import { agentView, domainView, recoveredAgents } from './agent-view.js';
import type { Flags } from './flags.js';
import { frameworkView } from './framework-view.js';
import type { View } from './resources-view.js';
import { seconds } from './times.js';
import { versionInfo } from './version.js';

export const frameworksView = (master: MasterState, id: string | undefined): View => {
  const accepts = (framework: { readonly id: string }): boolean => id === undefined || framework.id === id;
  return {
    frameworks: [...master.frameworks.values()].filter(accepts).map(frameworkView),
    completed_frameworks: [...master.completedFrameworks.values()].filter(accepts).map(frameworkView),
    unregistered_frameworks: [],
  };
};

export const stateView = (master: MasterState, flags: Flags): View => {
  const { id, pid, port, hostname, capabilities = [], domain } = master.info;
  const agents = [...master.agents.values()];
  const domainPart = domain === undefined ? {} : { domain: domainView(domain) };
  return {
    ...versionInfo,
    start_time: seconds(master.startedAt),
    elected_time: seconds(master.startedAt),
    id,
    pid,
    hostname,
    capabilities: capabilities.map(({ type }) => type),
    activated_slaves: agents.filter(({ active }) => active).length,
    deactivated_slaves: agents.filter(({ active }) => !active).length,
    unreachable_slaves: master.unreachableAgents.size,
    ...domainPart,
    leader: pid,
    leader_info: { id, pid, port, hostname, ...domainPart },
    flags,
    slaves: agents.map((agent) => agentView(agent, master)),
    recovered_slaves: recoveredAgents(master),
    orphan_tasks: [],
    ...frameworksView(master, undefined),
  };
};
