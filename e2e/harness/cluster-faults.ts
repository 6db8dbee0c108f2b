import { requestJson } from './http.js';

export interface AgentView {
  readonly id: string;
  readonly hostname: string;
}

/** Breaks the local cluster on purpose, through its own interface; a real Mesos has none. */
export class ClusterFaults {
  constructor(private readonly mesosUrl: string) {}

  async agents(): Promise<AgentView[]> {
    return (await requestJson<{ slaves: AgentView[] }>('GET', `${this.mesosUrl}/master/slaves`)).slaves;
  }

  /** Every command on that agent dies within a second. */
  commandsDie(agent: string): Promise<void> {
    return this.set({ fault: 'commands-die', agent });
  }

  loseAgent(agent: string): Promise<void> {
    return this.set({ fault: 'lose-agent', agent });
  }

  returnAgent(agent: string): Promise<void> {
    return this.set({ fault: 'return-agent', agent });
  }

  /** The master makes no offers until cleared. */
  withholdOffers(): Promise<void> {
    return this.set({ fault: 'withhold-offers' });
  }

  /** What agents have to say of tasks stays with them until cleared. */
  holdUpdates(): Promise<void> {
    return this.set({ fault: 'hold-updates' });
  }

  async clear(): Promise<void> {
    await requestJson('DELETE', `${this.mesosUrl}/local-cluster/faults`);
  }

  private async set(fault: object): Promise<void> {
    await requestJson('POST', `${this.mesosUrl}/local-cluster/faults`, fault);
  }
}
