import { mkdirSync } from 'node:fs';
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
import { planAgents } from './agent-options.js';
import { openAgentServers } from './agent-servers.js';
import { faultRoutes } from './fault-routes.js';
import { Faults } from './faults.js';
import { planMasters, type MasterPlan } from './master-options.js';
import { leaderOf, MasterPlace, type MasterCondition } from './masters.js';
import type { LocalClusterOptions } from './options.js';

export interface LocalCluster {
  /** http://host:port of the first master */
  readonly url: string;
  /** host:port of the first master */
  readonly address: string;
  /** http://host:port where the faults are also when no master is; undefined: nobody asked for it. */
  readonly faultsUrl: string | undefined;
  readonly faults: Faults;
  masters(): { readonly address: string; readonly condition: MasterCondition }[];
  agents(): { readonly id: string; readonly hostname: string }[];
  /** Ends every task and the masters. */
  stop(): Promise<void>;
}

type Print = NonNullable<LocalClusterOptions['log']>;

const MASTER_RESTART_MS = 200;

const startAll = async (places: readonly MasterPlace[]): Promise<void> => {
  try {
    for (const place of places) await place.start();
  } catch (error) {
    await Promise.all(places.map((place) => place.stop()));
    throw error;
  }
};

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

/** Mesos masters and agents in this process; tasks are real child processes. @throws OptionError, or Error when a port is taken */
export const startLocalCluster = async (options: LocalClusterOptions): Promise<LocalCluster> => {
  const { ip = '127.0.0.1', port = 0, log = () => undefined, masterRestartMs = MASTER_RESTART_MS } = options;
  const agentPlans = planAgents(options);
  const masterPlan = planMasters(options);
  mkdirSync(options.workDir, { recursive: true });

  const network = new Network();
  const leaders = new LeaderBoard();
  const reaper = new OrphanReaper(options.workDir);
  const servers = await openAgentServers(agentPlans, options, ip);
  const nodes = newAgentNodes(agentPlans, options, { network, leaders, reaper, servers });

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
  await startAll(places).catch((error: unknown) => {
    for (const server of servers) server.close();
    throw error;
  });
  const faultServer = await listenForFaults(options.faultsPort, faults, log);
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
