// An agent as the operator API shows it (src/common/protobuf_utils.cpp, createAgentResponse).
import type { Response } from '../../generated/master-protocol.js';
import type { AgentInfo as AgentMessage, DrainInfo } from '../../generated/protocol.js';
import type { AgentInfo } from '../../network/messages.js';
import { toWire } from '../../resources/resources.js';
import type { AgentRecord, MasterState } from '../domain/master-state.js';
import { offeredBy, usedBy } from './holdings.js';
import { fullHoldings, fullResources } from './resources-view.js';
import { timeInfo } from './times.js';
import { AGENT_CAPABILITIES, VERSION } from './version.js';

export const agentInfoMessage = (id: string | undefined, { hostname, port, resources, attributes, domain }: AgentInfo): AgentMessage => ({
  hostname,
  port,
  resources: toWire(resources),
  attributes: [...attributes],
  ...(domain === undefined ? {} : { domain }),
  ...(id === undefined ? {} : { id: { value: id } }),
  checkpoint: true,
});

export const drainInfo = (agentId: string, master: MasterState): DrainInfo | undefined => {
  const drain = master.drainingAgents.get(agentId);
  if (drain === undefined) return undefined;
  const { state, maxGracePeriodMs, markGone } = drain;
  const grace = maxGracePeriodMs === undefined ? {} : { max_grace_period: { nanoseconds: maxGracePeriodMs * 1_000_000 } };
  return { state, config: { ...grace, mark_gone: markGone } };
};

export const agentMessage = (agent: AgentRecord, master: MasterState): Response.GetAgents.Agent => {
  const drain = drainInfo(agent.id, master);
  return {
    agent_info: agentInfoMessage(agent.id, agent.info),
    active: agent.active,
    deactivated: master.deactivatedAgents.has(agent.id),
    version: VERSION,
    pid: agent.pid,
    registered_time: timeInfo(agent.registeredAt),
    ...(agent.reregisteredAt === undefined ? {} : { reregistered_time: timeInfo(agent.reregisteredAt) }),
    total_resources: fullResources(agent.total),
    allocated_resources: fullHoldings(usedBy(agent)),
    offered_resources: fullHoldings(offeredBy(agent)),
    capabilities: AGENT_CAPABILITIES.map((type) => ({ type })),
    ...(drain === undefined ? {} : { drain_info: drain }),
  };
};
