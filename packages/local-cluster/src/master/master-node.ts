// The master's process: its HTTP server, its place in the election, and the messages of its agents (src/master/main.cpp; master.cpp:
// detected, lostCandidacy, recover).
import express from 'express';
import type { MasterInfo } from '../generated/protocol.js';
import type { LeaderBoard } from '../network/leader-board.js';
import type { Message } from '../network/messages.js';
import type { Network, Pid } from '../network/network.js';
import type { MasterSettings } from './domain/master-settings.js';
import { newMaster, type MasterState } from './domain/master-state.js';
import { recoverFromRegistry } from './domain/registry.js';
import { authenticated, type HttpAuthentication } from './http/authentication.js';
import { DelayedCalls } from './http/delayed-calls.js';
import { consolePage } from './http/console-page.js';
import { errorAnswer } from './http/error-answer.js';
import { EventStreams } from './http/event-streams.js';
import { onlyLocalNames } from './http/host-guard.js';
import { HttpServer } from './http/http-server.js';
import { recoveredOnly } from './http/leader-only.js';
import { operatorRoutes } from './http/operator-routes.js';
import { schedulerRoutes } from './http/scheduler-routes.js';
import { addressOf, type Leadership, type Standing } from './leadership.js';
import { Master } from './master.js';
import { masterInfo } from './master-info.js';
import { inMemoryRegistrar, type Registrar, type ReplicatedLog } from './registrar.js';
import { Contender } from './zookeeper/contender.js';
import type { ZooKeeperUrl } from './zookeeper/zookeeper-url.js';

/** Broken on purpose, for all masters alike: a new one finds what holds for the others. */
export interface MasterFaults {
  offersWithheld: boolean;
  /** Calls are looked at so much later; 0: at once. */
  callDelayMs: number;
}

export interface MasterNodeSettings {
  readonly ip: string;
  /** 0: a free one. */
  readonly port: number;
  readonly zk: ZooKeeperUrl | undefined;
  readonly zkSessionTimeoutMs: number;
  readonly master: MasterSettings;
  /** undefined: the registry is in memory. */
  readonly log: ReplicatedLog | undefined;
  readonly authentication: HttpAuthentication;
  readonly faults: MasterFaults;
  readonly network: Network;
  readonly leaders: LeaderBoard;
  readonly print: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** The local cluster's own interface. */
  readonly extraRoutes: express.Router;
  /** It has ended itself, as a master does that can't go on. */
  readonly ended: (reason: string) => void;
}

export class MasterNode implements Leadership {
  readonly pid: Pid;
  readonly master: Master;
  readonly streams: EventStreams;
  private readonly calls: DelayedCalls;
  private readonly registrar: Registrar;
  private readonly contender: Contender | undefined;
  private standing: Standing = { leading: false, recovering: false, leader: undefined };
  private hasEnded = false;

  private constructor(
    private readonly settings: MasterNodeSettings,
    readonly info: MasterInfo,
    private readonly server: HttpServer,
  ) {
    const { network, print, log, zk } = settings;
    this.pid = info.pid ?? '';
    const state: MasterState = {
      ...newMaster({ info, settings: settings.master, seed: Date.now() % 2 ** 31 }, Date.now()),
      faults: settings.faults,
    };
    this.streams = new EventStreams(settings.master.heartbeatIntervalSeconds * 1000);
    this.calls = new DelayedCalls(() => settings.faults.callDelayMs);
    this.registrar = log === undefined ? inMemoryRegistrar : log.registrarOf(this.pid, (reason) => this.end(reason));
    this.master = new Master(state, {
      event: (stream, event) => this.streams.send(stream, event),
      closeStream: (stream) => this.streams.close(stream),
      agentMessage: (to, message) => network.send(this.pid, to, message),
      link: (to) => network.link(this.pid, to),
      registry: (change) => this.registrar.apply(change),
      log: print,
    });
    if (zk === undefined) return;
    this.contender = new Contender({
      where: zk,
      sessionTimeoutMs: settings.zkSessionTimeoutMs,
      info,
      replica: log === undefined ? undefined : `log-replica(1)@${info.address?.ip}:${info.port}`,
      log: print,
      detected: (leader) => this.detected(leader),
      lostCandidacy: () => {
        if (this.standing.leading) this.end('Lost candidacy as a leader... committing suicide!');
      },
    });
  }

  static async start(settings: MasterNodeSettings): Promise<MasterNode> {
    const app = express();
    const server = await HttpServer.listen(app, settings.ip, settings.port);
    const node = new MasterNode(settings, masterInfo(settings.ip, server.port), server);
    node.serve(app);
    return node;
  }

  current(): Standing {
    return this.standing;
  }

  /** Resolves when there is a leader, or none can be found. */
  async settled(): Promise<void> {
    await this.contender?.settled;
  }

  /** SIGTERM: it leaves the election at once. */
  async stop(): Promise<void> {
    this.leave();
    await this.contender?.stop();
    this.settings.leaders.withdraw(this.pid);
  }

  /** SIGKILL: its node in ZooKeeper stays until its session's time is over. */
  kill(): void {
    this.leave();
    this.contender?.abandon();
  }

  /** SIGSTOP: it accepts nothing, answers nothing, and its session runs out. */
  pause(): void {
    this.settings.network.pause(this.pid);
    this.master.pause();
    this.calls.pause();
    this.streams.pause();
    this.server.pause();
    this.registrar.leave();
    this.contender?.freeze();
  }

  /** SIGCONT: it goes on, and ends if its session is over. */
  resume(): void {
    this.contender?.thaw();
    this.registrar.rejoin();
    this.streams.resume();
    this.calls.resume();
    this.master.resume();
    this.settings.network.resume(this.pid);
    this.server.resume();
  }

  private serve(app: express.Express): void {
    const { ip, network, leaders, authentication, extraRoutes, print } = this.settings;
    app.disable('x-powered-by');
    app.disable('etag');
    if (ip.startsWith('127.')) app.use(onlyLocalNames);
    // Who may break things must be on this machine, wherever the master listens.
    if (ip.startsWith('127.')) app.use(extraRoutes);
    app.use(authenticated(authentication));
    app.use(['/api/v1', '/master/api/v1'], recoveredOnly(this));
    app.use(schedulerRoutes(this.master, this.streams, this, this.calls));
    app.use(
      operatorRoutes(this.master, this, { ...this.settings, log: this.settings.log?.settings }),
      consolePage(this.master.state, this),
    );
    app.use(errorAnswer(print));
    network.start(this.pid, {
      receive: (from: Pid, message: Message) => {
        // Master::consume drops what comes to who doesn't lead, and while it recovers.
        if (this.standing.leading && !this.standing.recovering) this.master.receive(from, message);
      },
      exited: (peer: Pid) => this.master.exited(peer),
    });
    if (this.contender !== undefined) return this.contender.start();
    // A master that no ZooKeeper elects leads from the start (docs/high-availability.md: only --zk makes an election).
    this.detected(this.info);
    leaders.announce(this.pid);
  }

  private detected(leader: MasterInfo | undefined): void {
    if (this.hasEnded) return;
    const wasLeading = this.standing.leading;
    const leading = leader?.id === this.info.id;
    if (leading && wasLeading) return;
    if (wasLeading) {
      this.end(
        leader === undefined
          ? 'Lost leadership after indecisive election... committing suicide!'
          : 'Conceded leadership to another master... committing suicide!',
      );
      return;
    }
    this.standing = { leading, recovering: leading, leader: leader === undefined ? undefined : addressOf(leader) };
    if (leading) void this.recover();
  }

  private async recover(): Promise<void> {
    this.settings.print('elected as the leading master', { master: this.pid });
    try {
      const registry = await this.registrar.recover();
      if (this.hasEnded) return;
      recoverFromRegistry(this.master.state, registry, Date.now());
      this.standing = { ...this.standing, recovering: false };
      this.master.recovered();
    } catch (error) {
      this.end(`Recovery failed: Failed to recover registrar: ${(error as Error).message}`);
    }
  }

  /** EXIT(EXIT_FAILURE) */
  private end(reason: string): void {
    if (this.hasEnded) return;
    this.settings.print('the master ends', { master: this.pid, reason });
    this.kill();
    this.settings.ended(reason);
  }

  private leave(): void {
    this.hasEnded = true;
    this.standing = { leading: false, recovering: false, leader: undefined };
    this.registrar.leave();
    this.settings.network.stop(this.pid);
    this.master.stop();
    this.streams.closeAll();
    this.server.close();
  }
}
