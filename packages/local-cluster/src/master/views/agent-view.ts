// An agent in /state, /slaves and /state-summary (src/master/readonly_handler.cpp, SlaveWriter and SlavesWriter).
import type { Attribute, DomainInfo } from '../../generated/protocol.js';
import type { AgentInfo } from '../../network/messages.js';
import { formatQuantity } from '../../resources/format.js';
import { withValue } from '../../resources/quantity.js';
import { unreserved } from '../../resources/reservations.js';
import type { AgentRecord, MasterState } from '../domain/master-state.js';
import { drainInfo } from './agent-message.js';
import { AGENT_CAPABILITIES } from './version.js';
import { offeredBy, total, usedBy } from './holdings.js';
import { fullHoldings, fullResources, reservedFull, reservedView, resourcesView, type View } from './resources-view.js';
import { seconds } from './times.js';

export const attributesView = (attributes: readonly Attribute[]): View =>
  Object.fromEntries(
    attributes.map(({ name, type, text, scalar, ranges, set }) => [
      name,
      text?.value ??
        scalar?.value ??
        formatQuantity(withValue({ name }, { name, type: type === 'RANGES' ? 'RANGES' : 'SET', ranges, set })),
    ]),
  );

export const domainView = ({ fault_domain }: DomainInfo): View => (fault_domain === undefined ? {} : { fault_domain });

/** What the agent says of itself. */
const agentInfoView = (id: string, { hostname, port, attributes, domain }: AgentInfo): View => ({
  id,
  hostname,
  port,
  attributes: attributesView(attributes),
  ...(domain === undefined ? {} : { domain: domainView(domain) }),
});

export const agentView = (agent: AgentRecord, master: MasterState): View => {
  const drain = drainInfo(agent.id, master);
  return {
    ...agentInfoView(agent.id, agent.info),
    pid: agent.pid,
    registered_time: seconds(agent.registeredAt),
    ...(agent.reregisteredAt === undefined ? {} : { reregistered_time: seconds(agent.reregisteredAt) }),
    resources: resourcesView(agent.total),
    used_resources: resourcesView(total(usedBy(agent))),
    offered_resources: resourcesView(total(offeredBy(agent))),
    reserved_resources: reservedView(agent.total),
    unreserved_resources: resourcesView(unreserved(agent.total)),
    active: agent.active,
    deactivated: master.deactivatedAgents.has(agent.id),
    version: master.info.version,
    capabilities: AGENT_CAPABILITIES,
    ...(drain === undefined ? {} : { drain_info: drain }),
  };
};

const fullAgentView = (agent: AgentRecord, master: MasterState): View => ({
  ...agentView(agent, master),
  reserved_resources_full: reservedFull(agent.total),
  unreserved_resources_full: fullResources(unreserved(agent.total)),
  used_resources_full: fullHoldings(usedBy(agent)),
  offered_resources_full: fullHoldings(offeredBy(agent)),
});

/** An agent of the registry that has not come back. */
export const recoveredAgents = (master: MasterState): View[] => [...master.recoveredAgents].map((id) => ({ id }));

/** GET /slaves; `id`: only that one. */
export const slavesView = (master: MasterState, id: string | undefined): View => ({
  slaves: [...master.agents.values()].filter((agent) => id === undefined || agent.id === id).map((agent) => fullAgentView(agent, master)),
  recovered_slaves: recoveredAgents(master).filter((agent) => id === undefined || agent['id'] === id),
});
