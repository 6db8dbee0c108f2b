import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Agent } from '../agent/agent.js';
import { OrphanReaper } from '../executor/orphan-reaper.js';
import { AgentLink } from '../network/agent-link.js';
import { newMaster } from '../master/domain/master-state.js';
import { Faults } from './faults.js';
import type { MasterInfo } from '../generated/protocol.js';
import { consolePage } from '../master/http/console-page.js';
import { errorAnswer } from '../master/http/error-answer.js';
import { EventStreams } from '../master/http/event-streams.js';
import { faultRoutes } from './fault-routes.js';
import { onlyLocalNames } from '../master/http/host-guard.js';
import { operatorRoutes } from '../master/http/operator-routes.js';
import { schedulerRoutes } from '../master/http/scheduler-routes.js';
import { soleMaster } from '../master/leadership.js';
import { Master } from '../master/master.js';
import { masterSettingsOf, planAgents, retryIntervalsOf, type LocalClusterOptions } from './options.js';
import { Contender, parseZooKeeperPath } from '../master/zookeeper/contender.js';

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

/** network order, as inet_addr gives it on a little-endian machine, which is what Mesos publishes */
const ipNumber = (ip: string): number => ip.split('.').reduceRight((sum, part) => sum * 256 + Number(part), 0);

const masterInfo = (ip: string, port: number): MasterInfo => ({
  id: randomUUID(),
  ip: ipNumber(ip),
  port,
  pid: `master@${ip}:${port}`,
  hostname: ip,
  version: '1.12.0',
  address: { hostname: ip, ip, port },
  capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
});

/** A Mesos master and its agents in this process; tasks are real child processes. */
export const startLocalCluster = async (options: LocalClusterOptions): Promise<LocalCluster> => {
  const { ip = '127.0.0.1', log = () => undefined } = options;
  const plans = planAgents(options);
  const zk = options.zk === undefined ? undefined : parseZooKeeperPath(options.zk);
  mkdirSync(options.workDir, { recursive: true });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  if (ip.startsWith('127.')) app.use(onlyLocalNames);
  const server = createServer(app);
  server.requestTimeout = 0;
  // Mesos keeps an idle connection; so calls that a client sends on one are not lost with it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, ip, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const info = masterInfo(ip, port);
  const settings = masterSettingsOf(options);
  const state = newMaster({ info, settings, seed: Date.now() % 2 ** 31 }, Date.now());
  const streams = new EventStreams(settings.heartbeatIntervalSeconds * 1000);
  const links: AgentLink[] = [];
  const master = new Master(state, {
    event: (stream, event) => streams.send(stream, event),
    closeStream: (stream) => streams.close(stream),
    agentMessage: (agentId, message) => links.find(({ id }) => id === agentId)?.toAgent(message),
    log,
  });

  const reaper = new OrphanReaper(options.workDir);
  plans.forEach((plan, index) => {
    const agent: Agent = new Agent({
      info: { ...plan, ip: plan.hostname, port: FIRST_AGENT_PORT + index },
      workDir: options.workDir,
      executorEnvironment: options.executorEnvironment ?? {},
      retryIntervals: retryIntervalsOf(options),
      reaper,
      sendUpdate: (update) => link.toMaster(update),
    });
    const link = new AgentLink(master, agent);
    links.push(link);
    link.register();
  });

  const contender = zk === undefined ? undefined : new Contender(zk, info, log, () => streams.closeAll());
  const leadership = contender ?? soleMaster;
  const faults = new Faults(master, links, (stream) => streams.cut(stream));
  app.use(schedulerRoutes(master, streams, leadership), operatorRoutes(master, leadership), consolePage(state));
  // Who may break things must be on this machine, wherever the master listens.
  if (ip.startsWith('127.')) app.use(faultRoutes(faults));
  app.use(errorAnswer(log));
  contender?.start();

  return {
    url: `http://${ip}:${port}`,
    address: `${ip}:${port}`,
    faults,
    agents: () => links.map((link) => ({ id: link.id, hostname: link.agent.info.hostname })),
    stop: async () => {
      await contender?.stop();
      master.stop();
      streams.closeAll();
      server.close();
      server.closeAllConnections();
      await Promise.all(links.map((link) => link.agent.stop()));
      await reaper.stop();
    },
  };
};
