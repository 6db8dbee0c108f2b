// The agent's process: finds the leading master, registers with it, and answers its pings (src/slave/slave.cpp: detected,
// doReliableRegistration, ping).
import type { LeaderBoard } from '../network/leader-board.js';
import { agentPid, type AgentInfo, type Message, type ToAgent } from '../network/messages.js';
import type { Network, Pid, Process } from '../network/network.js';
import type { Agent } from './agent.js';

export interface AgentNodeSettings {
  readonly network: Network;
  readonly leaders: LeaderBoard;
  /** How long it waits for an answer to its registration before it asks again. */
  readonly registrationRetryMs: number;
}

export class AgentNode implements Process {
  readonly pid: Pid;
  private master: Pid | undefined;
  private isRegistered = false;
  private retry: NodeJS.Timeout | undefined;
  private unwatch: () => void = () => undefined;

  constructor(
    readonly agent: Agent,
    private readonly settings: AgentNodeSettings,
  ) {
    this.pid = agentPid(agent.info);
  }

  get info(): AgentInfo {
    return this.agent.info;
  }

  start(): void {
    this.settings.network.start(this.pid, this);
    this.unwatch = this.settings.leaders.watch((leader) => this.detected(leader));
  }

  toMaster(message: Message): void {
    if (this.master !== undefined) this.settings.network.send(this.pid, this.master, message);
  }

  receive(from: Pid, message: Message): void {
    if (from !== this.master) return;
    switch (message.type) {
      case 'registered':
        this.agent.id = message.agentId;
        return this.registered();
      case 'reregistered':
        this.registered();
        return this.agent.resendAll();
      case 'ping':
        this.toMaster({ type: 'pong', agentId: this.agent.id ?? '' });
        if (!message.connected && this.isRegistered) this.register();
        return;
      default:
        this.agent.receive(message as ToAgent);
    }
  }

  exited(peer: Pid): void {
    if (peer === this.master) this.isRegistered = false;
  }

  /** The way to the master is open again. */
  registerAgain(): void {
    if (this.master !== undefined) this.register();
  }

  async stop(): Promise<void> {
    clearTimeout(this.retry);
    this.unwatch();
    this.settings.network.stop(this.pid);
    await this.agent.stop();
  }

  private detected(leader: Pid | undefined): void {
    this.master = leader;
    this.isRegistered = false;
    clearTimeout(this.retry);
    if (leader === undefined) return;
    this.settings.network.link(this.pid, leader);
    this.register();
  }

  private registered(): void {
    this.isRegistered = true;
    clearTimeout(this.retry);
  }

  private register(): void {
    this.isRegistered = false;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.register(), this.settings.registrationRetryMs);
    const { id, info } = this.agent;
    if (id === undefined) return this.toMaster({ type: 'register', agent: info, total: info.resources });
    const tasks = this.agent.reportedTasks();
    this.toMaster({
      type: 'reregister',
      agentId: id,
      agent: info,
      total: info.resources,
      frameworks: this.agent.frameworks(),
      tasks,
      executors: [],
      operations: [],
    });
  }
}
