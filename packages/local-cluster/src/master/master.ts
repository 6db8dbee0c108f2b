// The one owner of a master's state: decides at once, then does what was decided, in order.
import type { CallAnswer } from './domain/scheduler-calls.js';
import { schedulerCall } from './domain/scheduler-calls.js';
import { agentExited } from './domain/agents/disconnect.js';
import { executorExited, executorMessage } from './domain/agents/executors.js';
import { agentAnswersPing, agentTimers, nextAgentTimer } from './domain/agents/pings.js';
import { agentRegisters } from './domain/agents/register.js';
import { agentUnregisters } from './domain/agents/remove.js';
import { agentReregisters } from './domain/agents/reregister.js';
import { markUnreachable } from './domain/agents/unreachable.js';
import { requestAllocation, runAllocation } from './domain/allocator/allocator.js';
import { meetDeadlines, nextDeadline } from './domain/deadlines.js';
import type { MasterEffect, MasterState, Turn } from './domain/master-state.js';
import { removeFramework } from './domain/remove-framework.js';
import { statusUpdate } from './domain/status-update.js';
import { streamClosed, subscribe } from './domain/subscription.js';
import type { Call, Event } from '../generated/protocol.js';
import type { Message, ToAgent, ToMaster } from '../network/messages.js';
import type { Pid, Process } from '../network/network.js';

export interface MasterOutlets {
  readonly event: (stream: string, event: Event) => void;
  readonly closeStream: (stream: string) => void;
  readonly agentMessage: (to: Pid, message: ToAgent) => void;
  /** The end of that process is to be told. */
  readonly link: (to: Pid) => void;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** What setTimeout takes at most; what is later is waited for again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Master implements Process {
  private readonly cycle: NodeJS.Timeout;
  /** Effects of a turn that an effect of another turn caused wait for that one's end. */
  private readonly pending: MasterEffect[] = [];
  private performing = false;
  private isStopped = false;
  /** One for all that happens by time alone: pings and deadlines. */
  private deadline: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined;
  private agentsAwaited: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(
    readonly state: MasterState,
    private readonly outlets: MasterOutlets,
  ) {
    this.cycle = setInterval(() => this.allocationCycle(), state.settings.allocationIntervalMs);
  }

  subscribe(stream: string, call: Call.Subscribe): void {
    this.decide((turn) => subscribe(this.state, stream, call, turn));
  }

  call(call: Call, streamId: string | undefined): CallAnswer {
    return this.decide((turn) => schedulerCall(this.state, call, streamId, turn));
  }

  streamClosed(stream: string): void {
    this.decide((turn) => streamClosed(this.state, stream, turn));
  }

  receive(from: Pid, message: Message): void {
    const said = message as ToMaster;
    switch (said.type) {
      case 'register':
        this.outlets.link(from);
        this.decide((turn) => agentRegisters(this.state, from, said, turn));
        return this.agentsChanged();
      case 'reregister':
        this.outlets.link(from);
        this.decide((turn) => agentReregisters(this.state, from, said, turn));
        return this.agentsChanged();
      case 'unregister':
        return this.decide((turn) => agentUnregisters(this.state, from, said, turn));
      case 'pong':
        return agentAnswersPing(this.state, from, said.agentId);
      case 'status-update':
        return this.decide((turn) => statusUpdate(this.state, said.update, turn));
      case 'exited-executor':
        return this.decide((turn) => executorExited(this.state, said, turn));
      case 'executor-message':
        return this.decide((turn) => executorMessage(this.state, said, turn));
      default:
        return;
    }
  }

  exited(peer: Pid): void {
    this.decide((turn) => agentExited(this.state, peer, turn));
  }

  /** Resolves when as many agents have registered. */
  untilAgents(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.agentsAwaited = { count, resolve };
      this.agentsChanged();
    });
  }

  /** As if it had answered no ping for too long. */
  agentLost(agentId: string): void {
    this.decide((turn) => markUnreachable(this.state, agentId, 'health check timed out', turn));
  }

  /** false: there is no such framework. */
  teardown(frameworkId: string): boolean {
    const framework = this.state.frameworks.get(frameworkId);
    if (framework === undefined) return false;
    this.decide((turn) => removeFramework(this.state, framework, turn));
    return true;
  }

  allocationCycle(): void {
    this.decide(() => requestAllocation(this.state, 'all'));
  }

  /** An operator's request. */
  operate<T>(decision: (state: MasterState, turn: Turn) => T): T {
    return this.decide((turn) => decision(this.state, turn));
  }

  stop(): void {
    clearInterval(this.cycle);
    clearTimeout(this.deadline?.timer);
    this.isStopped = true;
  }

  private agentsChanged(): void {
    if (this.agentsAwaited !== undefined && this.state.agents.size >= this.agentsAwaited.count) this.agentsAwaited.resolve();
  }

  private decide<T>(decision: (turn: Turn) => T): T {
    const turn: Turn = { now: Date.now(), effects: [] };
    const result = decision(turn);
    runAllocation(this.state, turn);
    this.waitForDeadline();
    this.pending.push(...turn.effects);
    if (this.performing) return result;
    this.performing = true;
    try {
      for (let effect = this.pending.shift(); effect !== undefined; effect = this.pending.shift()) this.perform(effect);
    } finally {
      this.performing = false;
    }
    return result;
  }

  private waitForDeadline(): void {
    const at = Math.min(nextAgentTimer(this.state), nextDeadline(this.state));
    if (this.isStopped || at >= (this.deadline?.at ?? Infinity)) return;
    clearTimeout(this.deadline?.timer);
    const timer = setTimeout(
      () => {
        this.deadline = undefined;
        this.decide((turn) => {
          agentTimers(this.state, turn);
          meetDeadlines(this.state, turn);
        });
      },
      Math.min(LONGEST_TIMER_MS, Math.max(0, at - Date.now())),
    );
    this.deadline = { timer, at };
  }

  private perform(effect: MasterEffect): void {
    switch (effect.type) {
      case 'event':
        return this.outlets.event(effect.stream, effect.event);
      case 'close-stream':
        return this.outlets.closeStream(effect.stream);
      case 'agent-message':
        return this.sendToAgent(effect.agentId, effect.message);
      case 'process-message':
        return this.outlets.agentMessage(effect.to, effect.message);
      case 'registry':
        return;
      case 'log':
        return this.outlets.log(effect.message, effect.fields);
    }
  }

  private sendToAgent(agentId: string, message: ToAgent): void {
    const pid = this.state.agents.get(agentId)?.pid;
    if (pid !== undefined) this.outlets.agentMessage(pid, message);
  }
}
