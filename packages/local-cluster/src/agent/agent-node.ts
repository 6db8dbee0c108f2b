// An agent's machine: its process, which can be killed, started again, and stopped for a while, and what outlives it.
import type { LeaderBoard } from '../network/leader-board.js';
import { agentPid, type AgentInfo, type Message, type ToAgent } from '../network/messages.js';
import type { Network, Pid, Process } from '../network/network.js';
import { Agent } from './agent.js';
import { AgentCheckpoint } from './checkpoint/agent-checkpoint.js';
import type { RecordTree } from './checkpoint/record-tree.js';
import type { AgentReport } from './http/agent-report.js';
import type { AgentServer } from './http/agent-server.js';
import { Machine, type StartExecutor } from './machine.js';
import { assertSameAgent } from './checkpoint/same-agent.js';
import { ProcessLife } from './process-life.js';
import { Registration, type RegistrationOutlets } from './registration.js';
import type { RetryIntervals } from './update-stream.js';

export interface AgentNodeSettings {
  readonly info: AgentInfo;
  readonly network: Network;
  readonly leaders: LeaderBoard;
  /** Of a new process of the agent: what only a process knows, as what its fetcher has in its cache, is new with it. */
  readonly newStarter: () => StartExecutor;
  /** Where it keeps what its next process needs. */
  readonly records: RecordTree;
  readonly retryIntervals: RetryIntervals;
  /** --registration_backoff_factor: it registers within that time after it found a leader, and asks again with growing patience. */
  readonly registrationBackoffFactorMs: number;
  /** --executor_reregistration_timeout: so long an agent that came back waits for its executors before it registers. */
  readonly executorReregistrationTimeoutMs: number;
  /** undefined: it has no endpoints. */
  readonly server?: AgentServer | undefined;
  /** Where its sandboxes are. */
  readonly workDir: string;
  /** From 0 to 1. Default Math.random. */
  readonly random?: () => number;
}

/** What an agent that is not registered does not listen to (slave.cpp: shutdownFramework, shutdownExecutor, updateFramework). */
const ONLY_REGISTERED: ReadonlySet<Message['type']> = new Set(['shutdown-framework', 'shutdown-executor', 'update-framework'] as const);

interface Running {
  readonly startedAt: number;
  readonly life: ProcessLife;
  readonly agent: Agent;
  readonly registration: Registration;
}

export class AgentNode implements Process {
  readonly pid: Pid;
  /** The fault "commands die": how soon after its start, or undefined. */
  commandsDieAfterMs: number | undefined;
  private currentInfo: AgentInfo;
  private readonly machine = new Machine();
  private readonly checkpoint: AgentCheckpoint;
  private running: Running | undefined;
  private lastId: string | undefined;

  constructor(private readonly settings: AgentNodeSettings) {
    this.currentInfo = settings.info;
    this.pid = agentPid(settings.info);
    this.checkpoint = new AgentCheckpoint(settings.records);
    settings.server?.show(() => this.report());
  }

  get info(): AgentInfo {
    return this.currentInfo;
  }

  /** undefined: it has not registered yet. Its last one while it is down. */
  get id(): string | undefined {
    return this.running?.agent.id ?? this.lastId;
  }

  get isUp(): boolean {
    return this.running !== undefined;
  }

  /** Ids of the tasks on its books: those whose end is acknowledged are not among them. */
  knownTasks(): string[] {
    return this.running?.agent.knownTasks() ?? [];
  }

  /** As a new agent. */
  start(): void {
    this.checkpoint.forget();
    const { registration } = this.begin();
    registration.start(true);
  }

  /** The process dies at once (SIGKILL); its executors live on, if their framework wants it (FrameworkInfo.checkpoint). */
  kill(): void {
    this.end();
    this.machine.disconnect();
  }

  /**
   * A new process with what the last one wrote down. `info`: started with other flags.
   * @throws AgentRecoveryError when it is not the same agent any more (--reconfiguration_policy=equal)
   */
  restart(info: AgentInfo = this.currentInfo): void {
    if (this.running !== undefined) this.kill();
    const checkpointed = this.checkpoint.read();
    if (checkpointed !== undefined) assertSameAgent(checkpointed.info, info);
    this.currentInfo = info;
    const { agent, life, registration } = this.begin();
    if (checkpointed !== undefined) agent.recover(checkpointed);
    else this.machine.shutdownUnknown(() => false);
    if (!agent.hasFrameworks) return registration.start();
    life.after(this.settings.executorReregistrationTimeoutMs, () => {
      agent.recovered();
      registration.start();
    });
  }

  /** A new process that finds nothing of the last one, as after `rm meta/slaves/latest`: another agent. */
  renew(info: AgentInfo = this.currentInfo): void {
    this.kill();
    this.checkpoint.forget();
    this.lastId = undefined;
    this.restart(info);
  }

  /** The process stands still (SIGSTOP): it hears and says nothing; its executors go on. */
  pause(): void {
    this.settings.network.pause(this.pid);
    this.running?.life.suspend();
    this.settings.server?.pause();
  }

  /** It goes on with what came meanwhile (SIGCONT). */
  resume(): void {
    this.settings.server?.resume();
    this.running?.life.resume();
    this.settings.network.resume(this.pid);
  }

  /** Ends it with all that it runs. */
  async stop(): Promise<void> {
    this.end();
    this.settings.server?.close();
    await this.machine.stop();
  }

  receive(from: Pid, message: Message): void {
    if (this.running === undefined) return;
    const { registration, agent } = this.running;
    // A process that is still recovering answers, too.
    if (message.type === 'ping') this.send(from, { type: 'pong', agentId: agent.id ?? '' });
    if (from !== registration.master) return;
    switch (message.type) {
      case 'ping':
        registration.pinged();
        // The master has marked it disconnected, though it thinks itself registered.
        if (!message.connected && registration.isRegistered) registration.detectAgain();
        return;
      case 'registered':
        if (registration.isRegistered) return;
        registration.answered(message.pingTimeoutMs);
        return agent.registered(message.agentId);
      case 'reregistered':
        if (!registration.isRegistered) registration.answered(message.pingTimeoutMs);
        return agent.reregistered(message.reconciliations);
      default:
        if (ONLY_REGISTERED.has(message.type) && !registration.isRegistered) return;
        agent.receive(message as ToAgent);
    }
  }

  /** An agent waits for the leader's successor, or for a ping (slave.cpp, Slave::exited). */
  exited(): void {
    return undefined;
  }

  /** Registers at once instead of within the time that it would take to find out. */
  registerAgain(): void {
    this.running?.registration.askNow();
  }

  /** undefined: its process is down. */
  private report(): AgentReport | undefined {
    if (this.running === undefined) return undefined;
    const { agent, registration, startedAt } = this.running;
    return {
      ...agent.shown(),
      pid: this.pid,
      info: this.currentInfo,
      startedAt,
      workDir: this.settings.workDir,
      master: registration.master,
      isRegistered: registration.isRegistered,
    };
  }

  private begin(): Running {
    const { network, leaders, retryIntervals, registrationBackoffFactorMs, newStarter } = this.settings;
    this.machine.begin(newStarter());
    const life = new ProcessLife();
    const agent: Agent = new Agent({
      info: this.currentInfo,
      retryIntervals,
      machine: this.machine,
      checkpoint: this.checkpoint,
      life,
      send: (message) => {
        if (registration.master !== undefined) this.send(registration.master, message);
      },
      diesAfterMs: () => this.commandsDieAfterMs,
      terminated: () => this.end(),
    });
    const outlets: RegistrationOutlets = {
      lost: () => agent.disconnected(),
      ask: (master) => {
        network.link(this.pid, master);
        this.send(master, agent.registration());
      },
    };
    const registration = new Registration(leaders, registrationBackoffFactorMs, life, outlets, this.settings.random ?? Math.random);
    this.running = { startedAt: Date.now(), life, agent, registration };
    network.start(this.pid, this);
    return this.running;
  }

  private end(): void {
    if (this.running === undefined) return;
    const { life, agent, registration } = this.running;
    this.lastId = agent.id;
    this.running = undefined;
    life.end();
    registration.stop();
    this.settings.network.stop(this.pid);
  }

  private send(to: Pid, message: Message): void {
    this.settings.network.send(this.pid, to, message);
  }
}
