// Faults as an interface: what can be broken on purpose.
import type { AgentLink } from '../network/agent-link.js';
import type { Master } from '../master/master.js';

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
    private readonly master: Master,
    private readonly links: readonly AgentLink[],
    private readonly cutStream: (stream: string) => void,
  ) {}

  set({ fault, agent, framework }: FaultRequest): void {
    switch (fault) {
      case 'commands-die':
        for (const link of this.chosen(agent)) link.agent.commandsDieAfterMs = COMMANDS_DIE_AFTER_MS;
        return;
      case 'lose-agent':
        return this.one(agent).lose();
      case 'return-agent':
        return this.one(agent).restore();
      case 'withhold-offers':
        this.master.state.faults.offersWithheld = true;
        return;
      case 'hold-updates':
        for (const link of this.chosen(agent)) link.hold();
        return;
      case 'cut-stream':
        return this.cut(framework);
    }
  }

  clear(): void {
    this.master.state.faults.offersWithheld = false;
    for (const link of this.links) {
      link.agent.commandsDieAfterMs = undefined;
      link.release();
      link.restore();
    }
    this.master.allocationCycle();
  }

  private cut(framework: string | undefined): void {
    const found = this.master.state.frameworks.get(framework ?? '');
    if (found?.stream === undefined)
      throw new FaultError(`framework: ${framework ?? '(none given)'} is not the id of a subscribed framework`);
    this.cutStream(found.stream);
  }

  private chosen(agent: string | undefined): readonly AgentLink[] {
    return agent === undefined ? this.links : [this.one(agent)];
  }

  private one(agent: string | undefined): AgentLink {
    const found = this.links.find((link) => link.id === agent || link.agent.info.hostname === agent);
    if (found === undefined)
      throw new FaultError(`agent: ${agent ?? '(none given)'} is none of ${this.links.map(({ id }) => id).join(', ')}`);
    return found;
  }
}
