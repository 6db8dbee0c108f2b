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
import { rescindOffer } from './domain/allocator/offers.js';
import { meetDeadlines, nextDeadline } from './domain/deadlines.js';
import type { MasterState } from './domain/master-state.js';
import type { MasterEffect, Turn } from './domain/turn.js';
import { operationStatus } from './domain/operations/operations.js';
import { removeFramework } from './domain/remove-framework.js';
import { statusUpdate } from './domain/status-update.js';
import { streamClosed, subscribe } from './domain/subscription.js';
import type { Call } from '../generated/protocol.js';
import type { Message, ToMaster } from '../network/messages.js';
import type { Pid, Process } from '../network/network.js';
import { perform, type MasterOutlets } from './perform-effect.js';
import type { MasterObserver } from './observer.js';

/** What setTimeout takes at most; what is later is waited for again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Master implements Process {
  private cycle: NodeJS.Timeout | undefined;
  /** Effects of a turn that an effect of another turn caused wait for that one's end. */
  private readonly pending: MasterEffect[] = [];
  private performing = false;
  private isStopped = false;
  private isPaused = false;
  /** One for all that happens by time alone: pings and deadlines. */
  private deadline: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined;
  private readonly observers: MasterObserver[] = [];
  private agentsAwaited: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(
    readonly state: MasterState,
    private readonly outlets: MasterOutlets,
  ) {
    this.startTimers();
  }

  observe(observer: MasterObserver): void {
    this.observers.push(observer);
  }

  subscribe(stream: string, call: Call.Subscribe): void {
    this.decide((turn) => subscribe(this.state, stream, call, turn));
    for (const observer of this.observers) observer.called?.({ type: 'SUBSCRIBE', subscribe: call }, undefined);
  }

  call(call: Call, streamId: string | undefined): CallAnswer {
    const answer = this.decide((turn) => schedulerCall(this.state, call, streamId, turn));
    for (const observer of this.observers) observer.called?.(call, answer);
    return answer;
  }

  streamClosed(stream: string): void {
    this.decide((turn) => streamClosed(this.state, stream, turn));
  }

  receive(from: Pid, message: Message): void {
    const said = message as ToMaster;
    for (const observer of this.observers) observer.received?.(said);
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
      case 'operation-status':
        return this.decide((turn) => operationStatus(this.state, said, turn));
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

  /** Of one agent, or all. */
  rescindOffers(agentId: string | undefined): void {
    this.decide((turn) => {
      for (const offer of [...this.state.offers.values()])
        if (agentId === undefined || offer.agentId === agentId) rescindOffer(this.state, offer, turn);
    });
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

  /** What was recovered has deadlines. */
  recovered(): void {
    this.waitForDeadline();
  }

  stop(): void {
    this.isStopped = true;
    this.pause();
  }

  /** The process stands still: time passes without it. */
  pause(): void {
    this.isPaused = true;
    clearInterval(this.cycle);
    clearTimeout(this.deadline?.timer);
    this.deadline = undefined;
  }

  resume(): void {
    this.isPaused = false;
    this.startTimers();
  }

  private startTimers(): void {
    this.cycle = setInterval(() => this.allocationCycle(), this.state.settings.allocationIntervalMs);
    this.waitForDeadline();
  }

  private agentsChanged(): void {
    if (this.agentsAwaited !== undefined && this.state.agents.size >= this.agentsAwaited.count) this.agentsAwaited.resolve();
  }

  private decide<T>(decision: (turn: Turn) => T): T {
    const turn: Turn = { now: Date.now(), effects: [] };
    const result = decision(turn);
    runAllocation(this.state, turn);
    this.waitForDeadline();
    for (const observer of this.observers) observer.decided?.(turn);
    this.state.changed.tasks.clear();
    this.state.changed.agents.clear();
    // A process that has ended says nothing any more.
    if (this.isStopped) return result;
    for (const effect of turn.effects) this.pending.push(effect);
    if (!this.performing) this.performAll();
    return result;
  }

  /** There can be very many: as many as there are tasks. */
  private performAll(): void {
    this.performing = true;
    let done = 0;
    try {
      for (let effect = this.pending[done]; effect !== undefined; effect = this.pending[done]) {
        done += 1;
        perform(effect, this.state, this.outlets);
      }
    } finally {
      this.pending.splice(0, done);
      this.performing = false;
    }
  }

  private waitForDeadline(): void {
    const at = Math.min(nextAgentTimer(this.state), nextDeadline(this.state));
    if (this.isPaused || at >= (this.deadline?.at ?? Infinity)) return;
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
}
