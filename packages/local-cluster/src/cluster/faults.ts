// Faults as an interface: what can be broken on purpose.
import type { AgentNode } from '../agent/agent-node.js';
import type { MasterNode } from '../master/master-node.js';
import type { Network } from '../network/network.js';

export const faultNames = ['commands-die', 'lose-agent', 'return-agent', 'withhold-offers', 'hold-updates', 'cut-stream'] as const;
export type FaultName = (typeof faultNames)[number];

export interface FaultRequest {
  readonly fault: FaultName;
  /** Id or hostname; all agents where that makes sense. */
  readonly agent?: string | undefined;
  /** Id of the framework whose stream is cut. */
  readonly framework?: string | undefined;
}

/** The request names nothing that exists; `message` says what there is. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

const COMMANDS_DIE_AFTER_MS = 300;

export class Faults {
  constructor(
    private readonly node: MasterNode,
    private readonly agents: readonly AgentNode[],
    private readonly network: Network,
  ) {}

  set({ fault, agent, framework }: FaultRequest): void {
    switch (fault) {
      case 'commands-die':
        for (const node of this.chosen(agent)) node.agent.commandsDieAfterMs = COMMANDS_DIE_AFTER_MS;
        return;
      case 'lose-agent':
        return this.lose(this.one(agent));
      case 'return-agent':
        return this.restore(this.one(agent));
      case 'withhold-offers':
        this.node.master.state.faults.offersWithheld = true;
        return;
      case 'hold-updates':
        for (const node of this.chosen(agent)) this.network.disturb(node.pid, 'status-update', { type: 'hold' });
        return;
      case 'cut-stream':
        return this.cut(framework);
    }
  }

  clear(): void {
    this.node.master.state.faults.offersWithheld = false;
    for (const node of this.agents) {
      node.agent.commandsDieAfterMs = undefined;
      this.network.mend(node.pid);
      this.restore(node);
    }
    this.node.master.allocationCycle();
  }

  /** Nothing passes between it and the master any more, and the master has found out. */
  private lose(node: AgentNode): void {
    this.network.partition(node.pid);
    this.node.master.agentLost(node.agent.id ?? '');
  }

  private restore(node: AgentNode): void {
    if (!this.network.heal(node.pid)) return;
    node.registerAgain();
  }

  private cut(framework: string | undefined): void {
    const found = this.node.master.state.frameworks.get(framework ?? '');
    if (found?.stream === undefined)
      throw new FaultError(`framework: ${framework ?? '(none given)'} is not the id of a subscribed framework`);
    this.node.streams.cut(found.stream);
  }

  private chosen(agent: string | undefined): readonly AgentNode[] {
    return agent === undefined ? this.agents : [this.one(agent)];
  }

  private one(agent: string | undefined): AgentNode {
    const found = this.agents.find((node) => node.agent.id === agent || node.info.hostname === agent);
    if (found === undefined)
      throw new FaultError(`agent: ${agent ?? '(none given)'} is none of ${this.agents.map((node) => node.agent.id ?? '').join(', ')}`);
    return found;
  }
}
