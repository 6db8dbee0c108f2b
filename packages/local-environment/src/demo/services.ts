import { until } from '../wait.js';

interface MarathonTask {
  readonly host: string;
  readonly ports: readonly number[];
  readonly state: string;
}

/** The services as Marathon placed them: the demo looks from outside and does not trust their own registry. */
export class ServiceFinder {
  constructor(
    private readonly marathonUrl: string,
    private readonly signal: AbortSignal,
  ) {}

  async runningTasks(service: string): Promise<MarathonTask[]> {
    const response = await fetch(`${this.marathonUrl}/v2/apps/streams-on-mesos/${service}/tasks`, { signal: this.signal });
    if (response.status === 404) return [];
    const { tasks } = (await response.json()) as { tasks: MarathonTask[] };
    return tasks.filter(({ state }) => state === 'TASK_RUNNING');
  }

  private urlOf(service: string): Promise<string> {
    const url = async (): Promise<string | undefined> => {
      const [task] = await this.runningTasks(service);
      return task === undefined ? undefined : `http://${task.host}:${task.ports[0]}`;
    };
    return until(`${service} running in Marathon`, 30_000, url, 100, this.signal);
  }

  allocation(): Promise<string> {
    return this.urlOf('allocation-service');
  }

  bridge(): Promise<string> {
    return this.urlOf('streams-bridge');
  }
}
