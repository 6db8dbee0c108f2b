// The master's process: its HTTP server, its place in the election, and the messages of its agents.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import express from 'express';
import type { MasterInfo } from '../generated/protocol.js';
import type { LeaderBoard } from '../network/leader-board.js';
import type { Network, Pid } from '../network/network.js';
import { newMaster, type MasterSettings } from './domain/master-state.js';
import { consolePage } from './http/console-page.js';
import { errorAnswer } from './http/error-answer.js';
import { EventStreams } from './http/event-streams.js';
import { onlyLocalNames } from './http/host-guard.js';
import { operatorRoutes } from './http/operator-routes.js';
import { schedulerRoutes } from './http/scheduler-routes.js';
import { soleMaster } from './leadership.js';
import { Master } from './master.js';
import { Contender, type ZooKeeperPath } from './zookeeper/contender.js';

export interface MasterNodeSettings {
  readonly ip: string;
  /** 0: a free one. */
  readonly port: number;
  readonly zk: ZooKeeperPath | undefined;
  readonly master: MasterSettings;
  readonly network: Network;
  readonly leaders: LeaderBoard;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** The local cluster's own interface. */
  readonly extraRoutes: (node: MasterNode) => express.Router;
}

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

export class MasterNode {
  readonly pid: Pid;

  private constructor(
    private readonly settings: MasterNodeSettings,
    readonly info: MasterInfo,
    readonly master: Master,
    readonly streams: EventStreams,
    private readonly server: Server,
    private readonly contender: Contender | undefined,
  ) {
    this.pid = info.pid ?? '';
  }

  static async start(settings: MasterNodeSettings): Promise<MasterNode> {
    const { ip, network, log, leaders } = settings;
    const app = express();
    app.disable('x-powered-by');
    app.disable('etag');
    // Node would say "keep-alive"; Mesos says nothing of it.
    app.use((_request, response, next) => {
      response.removeHeader('connection');
      next();
    });
    if (ip.startsWith('127.')) app.use(onlyLocalNames);
    const server = createServer(app);
    server.requestTimeout = 0;
    // Mesos keeps an idle connection; so calls that a client sends on one are not lost with it.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(settings.port, ip, resolve);
    });
    const info = masterInfo(ip, (server.address() as AddressInfo).port);
    const pid = info.pid ?? '';
    const state = newMaster({ info, settings: settings.master, seed: Date.now() % 2 ** 31 }, Date.now());
    const streams = new EventStreams(settings.master.heartbeatIntervalSeconds * 1000);
    const master = new Master(state, {
      event: (stream, event) => streams.send(stream, event),
      closeStream: (stream) => streams.close(stream),
      agentMessage: (to, message) => network.send(pid, to, message),
      link: (to) => network.link(pid, to),
      log,
    });
    network.start(pid, master);
    const contender = settings.zk === undefined ? undefined : new Contender(settings.zk, info, log, () => streams.closeAll());
    const leadership = contender ?? soleMaster;
    const node = new MasterNode(settings, info, master, streams, server, contender);
    app.use(schedulerRoutes(master, streams, leadership), operatorRoutes(master, leadership), consolePage(state));
    // Who may break things must be on this machine, wherever the master listens.
    if (ip.startsWith('127.')) app.use(settings.extraRoutes(node));
    app.use(errorAnswer(log));
    contender?.start();
    leaders.announce(pid);
    return node;
  }

  async stop(): Promise<void> {
    await this.contender?.stop();
    this.settings.leaders.withdraw(this.pid);
    this.settings.network.stop(this.pid);
    this.master.stop();
    this.streams.closeAll();
    this.server.close();
    this.server.closeAllConnections();
  }
}
