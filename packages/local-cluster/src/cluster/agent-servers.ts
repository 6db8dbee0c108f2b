// The agents' HTTP servers; simulated agents have none.
import { AgentServer } from '../agent/http/agent-server.js';
import type { AgentPlan } from './agent-options.js';
import type { LocalClusterOptions } from './options.js';

/** In the order of the plans. `masterIp`: where those listen whose host is no address of this machine. */
export const openAgentServers = async (
  plans: readonly AgentPlan[],
  { simulated, agentEndpoints = simulated !== true, log = () => undefined }: LocalClusterOptions,
  masterIp: string,
): Promise<AgentServer[]> => {
  const servers: AgentServer[] = [];
  if (!agentEndpoints) return servers;
  try {
    for (const { ip, port } of plans) servers.push(await AgentServer.listen(ip, port, masterIp, log));
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return servers;
};
