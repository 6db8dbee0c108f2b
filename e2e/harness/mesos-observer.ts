import { until } from '@streams-on-mesos/local-environment';
import { requestJson } from './http.js';

export interface ObservedTask {
  readonly id: string;
  readonly state: string;
  readonly agentId: string;
  /** Seconds of the epoch, Infinity for a task that never ran. */
  readonly runningSince: number;
}

interface MesosTask {
  readonly id: string;
  readonly state: string;
  readonly slave_id: string;
  readonly statuses?: readonly { readonly state: string; readonly timestamp: number }[];
}

interface MesosFramework {
  readonly id: string;
  readonly name: string;
  readonly tasks?: readonly MesosTask[];
  readonly completed_tasks?: readonly MesosTask[];
  readonly offers?: readonly unknown[];
}

const resourceOf = (taskId: string): string => taskId.replace(/_\d+$/, '');

/** Watches the framework from outside, through the operator API alone, and keeps what broke an invariant. */
export class MesosObserver {
  private readonly stopping = new AbortController();
  /** Times at which one resource had two tasks at once. */
  readonly doubles: string[] = [];

  constructor(
    private readonly url: string,
    private readonly frameworkName: string,
  ) {
    void this.watch();
  }

  private async framework(): Promise<MesosFramework | undefined> {
    const { frameworks } = await requestJson<{ frameworks: MesosFramework[] }>('GET', `${this.url}/master/state`);
    return frameworks.find(({ name }) => name === this.frameworkName);
  }

  /** Tasks that Mesos holds for alive. */
  async tasks(): Promise<ObservedTask[]> {
    return ((await this.framework())?.tasks ?? []).map(asTask);
  }

  async running(): Promise<ObservedTask[]> {
    return (await this.tasks()).filter(({ state }) => state === 'TASK_RUNNING');
  }

  async outstandingOffers(): Promise<number> {
    return (await this.framework())?.offers?.length ?? 0;
  }

  /** Every task that was ever launched, ended ones too. */
  async everLaunched(): Promise<ObservedTask[]> {
    const framework = await this.framework();
    return [...(framework?.tasks ?? []), ...(framework?.completed_tasks ?? [])].map(asTask);
  }

  async untilRunning(count: number, timeoutMs = 60_000): Promise<ObservedTask[]> {
    let running: ObservedTask[] = [];
    await until(`${count} running tasks`, timeoutMs, async () => {
      running = await this.running();
      return running.length === count && (await this.tasks()).length === count;
    }).catch((error: Error) => {
      throw new Error(`${error.message}; Mesos has ${JSON.stringify(running)}`);
    });
    return running;
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const alive = await this.tasks().catch(() => []);
      const resources = alive.map(({ id }) => resourceOf(id));
      for (const resource of new Set(resources.filter((one, index) => resources.indexOf(one) !== index))) {
        this.doubles.push(`${resource}: ${alive.map(({ id, state }) => `${id} ${state}`).join(', ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  close(): void {
    this.stopping.abort();
  }

  async teardown(): Promise<void> {
    const framework = await this.framework();
    if (framework === undefined) return;
    const response = await fetch(`${this.url}/master/teardown`, {
      method: 'POST',
      body: new URLSearchParams({ frameworkId: framework.id }),
    });
    if (!response.ok) throw new Error(`teardown of ${framework.id}: ${response.status} ${await response.text()}`);
  }
}

const asTask = ({ id, state, slave_id, statuses = [] }: MesosTask): ObservedTask => ({
  id,
  state,
  agentId: slave_id,
  runningSince: Math.min(...statuses.filter((status) => status.state === 'TASK_RUNNING').map(({ timestamp }) => timestamp), Infinity),
});
