import { mkdirSync } from 'node:fs';
import { Agent } from '../agent/agent.js';
import { AgentNode } from '../agent/agent-node.js';
import { OrphanReaper } from '../executor/orphan-reaper.js';
import { MasterNode } from '../master/master-node.js';
import { parseZooKeeperPath } from '../master/zookeeper/contender.js';
import { LeaderBoard } from '../network/leader-board.js';
import { Network } from '../network/network.js';
import { faultRoutes } from './fault-routes.js';
import { Faults } from './faults.js';
import { masterSettingsOf, planAgents, retryIntervalsOf, type LocalClusterOptions } from './options.js';

export interface LocalCluster {
  /** http://host:port of the master */
  readonly url: string;
  /** host:port */
  readonly address: string;
  readonly faults: Faults;
  agents(): { readonly id: string; readonly hostname: string }[];
  /** Ends every task and the master. */
  stop(): Promise<void>;
}

const FIRST_AGENT_PORT = 5051;
const REGISTRATION_RETRY_MS = 1_000;

/** A Mesos master and its agents in this process; tasks are real child processes. */
export const startLocalCluster = async (options: LocalClusterOptions): Promise<LocalCluster> => {
  const { ip = '127.0.0.1', port = 0, log = () => undefined } = options;
  const plans = planAgents(options);
  const zk = options.zk === undefined ? undefined : parseZooKeeperPath(options.zk);
  mkdirSync(options.workDir, { recursive: true });

  const network = new Network();
  const leaders = new LeaderBoard();
  const reaper = new OrphanReaper(options.workDir);
  const nodes = plans.map((plan, index) => {
    const agent: Agent = new Agent({
      info: { ...plan, ip: plan.hostname, port: FIRST_AGENT_PORT + index },
      workDir: options.workDir,
      executorEnvironment: options.executorEnvironment ?? {},
      retryIntervals: retryIntervalsOf(options),
      reaper,
      sendUpdate: (update) => node.toMaster({ type: 'status-update', update }),
    });
    const node: AgentNode = new AgentNode(agent, { network, leaders, registrationRetryMs: REGISTRATION_RETRY_MS });
    return node;
  });
  let faults: Faults | undefined;
  const master = await MasterNode.start({
    ip,
    port,
    zk,
    master: masterSettingsOf(options),
    network,
    leaders,
    log,
    extraRoutes: (node) => faultRoutes((faults = new Faults(node, nodes, network))),
  });
  faults ??= new Faults(master, nodes, network);
  const registered = master.master.untilAgents(nodes.length);
  for (const node of nodes) node.start();
  await registered;
  const { hostname = ip, port: boundPort } = master.info;

  return {
    url: `http://${hostname}:${boundPort}`,
    address: `${hostname}:${boundPort}`,
    faults,
    agents: () => nodes.map(({ agent }) => ({ id: agent.id ?? '', hostname: agent.info.hostname })),
    stop: async () => {
      await master.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await reaper.stop();
    },
  };
};
