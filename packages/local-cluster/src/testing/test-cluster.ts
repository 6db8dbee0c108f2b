// A local cluster in a directory of its own, and a framework on the bare wire that acknowledges what it is told.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandInfo, FrameworkInfo, Offer, TaskInfo, TaskStatus } from '../generated/protocol.js';
import { startLocalCluster, type LocalCluster } from '../cluster/local-cluster.js';
import type { LocalClusterOptions } from '../cluster/options.js';
import { WireClient, type Encoding, type Subscription } from './wire-client.js';

const opened: { stop(): Promise<void> }[] = [];

export const startTestCluster = async (options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> => {
  const cluster = await startLocalCluster({
    agents: 1,
    allocationIntervalMs: 100,
    registrationBackoffFactorMs: 20,
    executorReregistrationTimeoutMs: 100,
    ...options,
  });
  opened.push(cluster);
  return cluster;
};

/** For afterEach. */
export const stopTestClusters = async (): Promise<void> => {
  await Promise.all(opened.splice(0).map((one) => one.stop()));
};

export const testFramework = (overrides: Partial<FrameworkInfo> = {}): FrameworkInfo => ({
  user: 'root',
  name: 'test',
  failover_timeout: 60,
  checkpoint: true,
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }, { type: 'RESERVATION_REFINEMENT' }],
  ...overrides,
});

export const testTask = (id: string, command: string | CommandInfo, overrides: Partial<TaskInfo> = {}): Omit<TaskInfo, 'agent_id'> => ({
  name: id,
  task_id: { value: id },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ],
  command: typeof command === 'string' ? { value: command } : command,
  ...overrides,
});

export class TestFramework {
  private acknowledged = 0;
  private readonly usedOffers = new Set<string>();

  private constructor(
    private readonly client: WireClient,
    readonly subscription: Subscription,
    readonly id: string,
  ) {}

  static async subscribe(
    url: string,
    {
      encoding = 'json',
      info = testFramework(),
      acknowledges = true,
    }: { encoding?: Encoding; info?: FrameworkInfo; acknowledges?: boolean } = {},
  ): Promise<TestFramework> {
    const client = new WireClient(url, encoding);
    const subscription = await client.subscribe({ type: 'SUBSCRIBE', framework_id: info.id, subscribe: { framework_info: info } });
    const id = await subscription.until(
      'SUBSCRIBED',
      (events) => events.find(({ subscribed }) => subscribed)?.subscribed?.framework_id.value,
    );
    const framework = new TestFramework(client, subscription, id);
    if (acknowledges) void framework.acknowledgeAll();
    opened.push({
      stop: async () => {
        subscription.close();
        client.close();
      },
    });
    return framework;
  }

  call(body: Parameters<WireClient['call']>[0]) {
    return this.client.call({ framework_id: { value: this.id }, ...body }, this.subscription.streamId);
  }

  /** The next offer that was not used yet. */
  async offer(accepts: (offer: Offer) => boolean = () => true): Promise<Offer> {
    const offer = await this.subscription.until('an offer', (events) =>
      events.flatMap(({ offers }) => offers?.offers ?? []).find((one) => !this.usedOffers.has(one.id.value) && accepts(one)),
    );
    this.usedOffers.add(offer.id.value);
    return offer;
  }

  async launch(...tasks: readonly Omit<TaskInfo, 'agent_id'>[]): Promise<Offer> {
    return this.launchOn(await this.offer(), ...tasks);
  }

  async launchOn(offer: Offer, ...tasks: readonly Omit<TaskInfo, 'agent_id'>[]): Promise<Offer> {
    const infos = tasks.map((task) => ({ ...task, agent_id: offer.agent_id }));
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: infos } }];
    await this.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } } });
    return offer;
  }

  statuses(taskId: string): TaskStatus[] {
    return this.subscription.events.flatMap(({ update }) => (update?.status.task_id.value === taskId ? [update.status] : []));
  }

  status(taskId: string, accepts: TaskStatus['state'] | ((status: TaskStatus) => boolean), ms?: number): Promise<TaskStatus> {
    const fits = typeof accepts === 'string' ? ({ state }: TaskStatus) => state === accepts : accepts;
    const what = `${taskId} ${typeof accepts === 'string' ? accepts : 'status'}`;
    return this.subscription.until(what, () => this.statuses(taskId).find(fits), ms);
  }

  /** The status that ends the task. */
  end(taskId: string, ms?: number): Promise<TaskStatus> {
    return this.status(taskId, ({ state }) => /FINISHED|FAILED|KILLED|ERROR|DROPPED|GONE|LOST/.test(state), ms);
  }

  acknowledge({ agent_id, task_id, uuid }: TaskStatus): Promise<unknown> {
    if (agent_id === undefined || uuid === undefined) return Promise.resolve();
    return this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  private async acknowledgeAll(): Promise<void> {
    while (!this.subscription.isClosed) {
      const event = await this.subscription
        .until('more', (events) => (this.subscription.isClosed ? null : events[this.acknowledged]), 60_000)
        .catch(() => null);
      if (event === null) return;
      this.acknowledged += 1;
      if (event.update?.status.uuid !== undefined) await this.acknowledge(event.update.status).catch(() => undefined);
    }
  }
}

const entries = (directory: string): string[] => {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
};

/** A file of the task's last sandbox; '' while there is none. */
export const readSandbox = (cluster: LocalCluster, taskId: string, file: string): string => {
  for (const agent of entries(join(cluster.workDir, 'slaves')))
    for (const framework of entries(join(agent, 'frameworks')))
      try {
        return readFileSync(join(framework, 'executors', taskId, 'runs', 'latest', file), 'utf8');
      } catch {
        // Another agent's or framework's task.
      }
  return '';
};
