// Agents that only some frameworks may be offered (hierarchical.cpp: isCapableOfReceivingAgent, isRemoteSlave).
import type { AgentRecord, FrameworkRecord, MasterState } from '../master-state.js';
import { hasCapability } from '../validation/framework-info.js';
import { scalarMilli } from '../../../resources/resources.js';

const isRemote = ({ info: { domain } }: MasterState, agent: AgentRecord): boolean => {
  const region = agent.info.domain?.fault_domain?.region.name;
  return region !== undefined && region !== domain?.fault_domain?.region.name;
};

/** GPUs are kept for frameworks that use them (--filter_gpu_resources), agents of other regions for those that know regions. */
export const isCapableOfReceiving = (master: MasterState, { info }: FrameworkRecord, agent: AgentRecord): boolean =>
  (!master.settings.filterGpuResources || scalarMilli(agent.total, 'gpus') === 0 || hasCapability(info, 'GPU_RESOURCES')) &&
  (!isRemote(master, agent) || hasCapability(info, 'REGION_AWARE'));
