import { setImmediate } from 'node:timers/promises';
import express from 'express';
import { OrphanReaper } from '../executor/orphan-reaper.js';
import { errorAnswer } from '../master/http/error-answer.js';
import { HttpServer } from '../master/http/http-server.js';
import { onlyLocalNames } from '../master/http/host-guard.js';
import { noAuthentication } from '../master/http/authentication.js';
import { ReplicatedLog } from '../master/registrar.js';
import type { MasterFaults } from '../master/master-node.js';
import { Detector } from '../master/zookeeper/detector.js';
import { LeaderBoard } from '../network/leader-board.js';
import { Network } from '../network/network.js';
import { newAgentNodes } from './agent-nodes.js';
import { planAgents, type AgentPlan } from './agent-options.js';
import { openAgentServers } from './agent-servers.js';
import { faultRoutes } from './fault-routes.js';
import { Faults } from './faults.js';
import { planMasters, type MasterPlan } from './master-options.js';
import { leaderOf, MasterPlace, type MasterCondition } from './masters.js';
import type { LocalClusterOptions } from './options.js';
import { openWorkDirectory } from './work-directory.js';

export interface LocalCluster {
  /** http://host:port of the first master */
  readonly url: string;
  /** host:port of the first master */
  readonly address: string;
  /** http://host:port where the faults are also when no master is; undefined: nobody asked for it. */
  readonly faultsUrl: string | undefined;
  /** Where sandboxes are made. */
  readonly workDir: string;
  readonly faults: Faults;
  masters(): { readonly address: string; readonly condition: MasterCondition }[];
  agents(): { readonly id: string; readonly hostname: string }[];
  /** Ends every task and the masters, and removes a work directory that nobody named. */
  stop(): Promise<void>;
}

type Print = NonNullable<LocalClusterOptions['log']>;

const MASTER_RESTART_MS = 200;

/** Agents find in ZooKeeper who leads, as masters do; without it the only master tells the board itself. */
const agentsDetector = ({ zk, zkSessionTimeoutMs }: MasterPlan, leaders: LeaderBoard, log: Print): Detector | undefined => {
  if (zk === undefined) return undefined;
  return new Detector({
    where: zk,
    sessionTimeoutMs: zkSessionTimeoutMs,
    log,
    detected: (leader) => {
      if (leader?.pid !== undefined) leaders.announce(leader.pid);
      else leaders.withdraw(leaders.current() ?? '');
    },
  });
};

const listenForFaults = (port: number | undefined, faults: Faults, log: Print): Promise<HttpServer | undefined> => {
  if (port === undefined) return Promise.resolve(undefined);
  const app = express();
  app.use(
    onlyLocalNames,
    faultRoutes(() => faults),
    errorAnswer(log),
  );
  return HttpServer.listen(app, '127.0.0.1', port);
};

interface Ground {
  readonly agentPlans: readonly AgentPlan[];
  readonly masterPlan: MasterPlan;
  readonly workDir: string;
  readonly reaper: OrphanReaper;
}

const startOn = async ({ agentPlans, masterPlan, workDir, reaper }: Ground, options: LocalClusterOptions): Promise<LocalCluster> => {
  const { ip = '127.0.0.1', port = 0, log = () => undefined, masterRestartMs = MASTER_RESTART_MS } = options;
  const network = new Network();
  const leaders = new LeaderBoard();
  const servers = await openAgentServers(agentPlans, options, ip);
  const nodes = newAgentNodes(agentPlans, options, { workDir, network, leaders, reaper, servers });

  const masterFaults: MasterFaults = { offersWithheld: false, callDelayMs: 0 };
  const replicatedLog = masterPlan.log === undefined ? undefined : new ReplicatedLog(masterPlan.log);
  const places: MasterPlace[] = Array.from(
    { length: masterPlan.count },
    (_, index) =>
      new MasterPlace({
        ip,
        port: port === 0 ? 0 : port + index,
        zk: masterPlan.zk,
        zkSessionTimeoutMs: masterPlan.zkSessionTimeoutMs,
        master: masterPlan.settings,
        log: replicatedLog,
        authentication: options.authentication ?? noAuthentication,
        faults: masterFaults,
        network,
        leaders,
        print: log,
        extraRoutes: faultRoutes(() => faults),
        restartMs: masterRestartMs,
      }),
  );
  const faults = new Faults(places, nodes, network, masterFaults);
  const startListening = async (): Promise<HttpServer | undefined> => {
    for (const place of places) await place.start();
    return listenForFaults(options.faultsPort, faults, log);
  };
  const faultServer = await startListening().catch(async (error: unknown) => {
    await Promise.all(places.map((place) => place.stop()));
    for (const server of servers) server.close();
    throw error;
  });
  const detector = agentsDetector(masterPlan, leaders, log);
  detector?.start();
  for (const node of nodes) node.start();
  await Promise.all([detector?.settled, ...places.map((place) => place.settled())]);
  // Where another cluster's master leads, or none, the agents wait for theirs.
  await leaderOf(places)?.master.untilAgents(nodes.length);
  // The last ones have not heard their ids yet.
  await setImmediate();
  const address = places[0]?.address ?? '';

  return {
    url: `http://${address}`,
    address,
    faultsUrl: faultServer === undefined ? undefined : `http://127.0.0.1:${faultServer.port}`,
    workDir,
    faults,
    masters: () => places.map(({ address: of, condition }) => ({ address: of, condition })),
    agents: () => nodes.map(({ id = '', info }) => ({ id, hostname: info.hostname })),
    stop: async () => {
      faultServer?.close();
      await Promise.all([detector?.stop(), ...places.map((place) => place.stop())]);
      await Promise.all(nodes.map((node) => node.stop()));
      await reaper.stop();
    },
  };
};

/** Mesos masters and agents in this process; tasks are real child processes. @throws OptionError, or Error when a port is taken */
export const startLocalCluster = async (options: LocalClusterOptions): Promise<LocalCluster> => {
  const agentPlans = planAgents(options);
  const masterPlan = planMasters(options);
  const { path: workDir, isTemporary } = openWorkDirectory(options.workDir);
  const reaper = new OrphanReaper(workDir, isTemporary);
  try {
    return await startOn({ agentPlans, masterPlan, workDir, reaper }, options);
  } catch (error) {
    await reaper.stop();
    throw error;
  }
};
