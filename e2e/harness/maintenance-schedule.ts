import { requestJson } from './http.js';

interface Window {
  readonly machine_ids: readonly { readonly hostname?: string; readonly ip?: string }[];
  readonly unavailability: { readonly start: { readonly nanoseconds: number }; readonly duration?: { readonly nanoseconds: number } };
}

interface MasterState {
  readonly slaves: readonly { readonly id: string; readonly hostname: string; readonly pid: string; readonly active: boolean }[];
  readonly frameworks: readonly { readonly id: string; readonly name: string }[];
}

interface MaintenanceStatus {
  readonly draining_machines?: readonly {
    readonly statuses?: readonly { readonly status: string; readonly framework_id: { readonly value: string } }[];
  }[];
}

const HOUR_NS = 3_600_000_000_000;

/** An operator's plans for a Mesos that may be somebody else's: what was planned before stays, and is all that is left in the end. */
export class MaintenanceSchedule {
  #before: readonly Window[] | undefined;

  constructor(private readonly mesosUrl: string) {}

  #state(): Promise<MasterState> {
    return requestJson('GET', `${this.mesosUrl}/master/state`);
  }

  /** How many agents offers may come from. */
  async activeAgents(): Promise<number> {
    return (await this.#state()).slaves.filter(({ active }) => active).length;
  }

  /** An hour's maintenance of the agent, in place of what this planned before. @returns when it begins, in epoch milliseconds */
  async plan(agentId: string, inSecs: number): Promise<number> {
    const agent = (await this.#state()).slaves.find(({ id }) => id === agentId);
    const ip = /@(.*):\d+$/.exec(agent?.pid ?? '')?.[1];
    if (agent === undefined || ip === undefined) throw new Error(`agent ${agentId} is not known, or its address is not: ${agent?.pid}`);
    const { windows = [] } = await requestJson<{ windows?: Window[] }>('GET', `${this.mesosUrl}/master/maintenance/schedule`);
    this.#before ??= windows;
    // Whole seconds: as nanoseconds they are exact in a JSON number.
    const startSecs = Math.floor(Date.now() / 1000) + inSecs;
    const unavailability = { start: { nanoseconds: startSecs * 1e9 }, duration: { nanoseconds: HOUR_NS } };
    await this.#post([...this.#before, { machine_ids: [{ hostname: agent.hostname, ip }], unavailability }]);
    return startSecs * 1000;
  }

  async restore(): Promise<void> {
    if (this.#before !== undefined) await this.#post(this.#before);
  }

  async #post(windows: readonly Window[]): Promise<void> {
    const response = await fetch(`${this.mesosUrl}/master/maintenance/schedule`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ windows }),
    });
    if (!response.ok) throw new Error(`POST maintenance/schedule: ${response.status} ${await response.text()}`);
  }

  /** What the framework of that name answered to inverse offers, as Mesos's operator sees it. */
  async answers(frameworkName: string): Promise<string[]> {
    const id = (await this.#state()).frameworks.find(({ name }) => name === frameworkName)?.id;
    const status = await requestJson<MaintenanceStatus>('GET', `${this.mesosUrl}/master/maintenance/status`);
    const statuses = (status.draining_machines ?? []).flatMap((machine) => machine.statuses ?? []);
    return statuses.flatMap((answer) => (answer.framework_id.value === id ? [answer.status] : []));
  }
}
