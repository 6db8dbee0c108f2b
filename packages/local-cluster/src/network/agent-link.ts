// The way between the master and one agent, and the faults on it.
import type { Agent, StatusUpdate } from '../agent/agent.js';
import type { AgentMessage } from '../master/domain/master-state.js';
import type { Master } from '../master/master.js';

export class AgentLink {
  private isCut = false;
  private held: StatusUpdate[] | undefined;

  constructor(
    private readonly master: Master,
    readonly agent: Agent,
  ) {}

  get id(): string {
    return this.agent.id ?? '';
  }

  register(): void {
    this.agent.id = this.master.registerAgent(this.agent.info);
  }

  toAgent(message: AgentMessage): void {
    // Not within the master's turn: a real agent hears of it later.
    setImmediate(() => {
      if (!this.isCut) this.agent.receive(message);
    });
  }

  toMaster(update: StatusUpdate): void {
    if (this.isCut) return;
    if (this.held !== undefined) this.held.push(update);
    else this.master.update(update);
  }

  /** Nothing passes any more, and the master has found out. */
  lose(): void {
    if (this.isCut) return;
    this.isCut = true;
    this.master.agentLost(this.id);
  }

  /** The agent registers again with what it still runs. */
  restore(): void {
    if (!this.isCut) return;
    this.isCut = false;
    this.master.agentReturned(this.id, this.agent.info, this.agent.reportedTasks());
    this.agent.resendAll();
  }

  /** Updates stay with the agent until released. */
  hold(): void {
    this.held ??= [];
  }

  release(): void {
    const updates = this.held ?? [];
    this.held = undefined;
    for (const update of updates) this.toMaster(update);
  }
}
