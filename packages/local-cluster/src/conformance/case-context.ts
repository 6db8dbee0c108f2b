// What a case has to do with: the cluster, frameworks that are gone when it ends, requests of its own.
import { setTimeout as delay } from 'node:timers/promises';
import type { Call, FrameworkInfo, Offer } from '../generated/protocol.js';
import { mediaTypeOf, WireClient, type Answer, type Encoding, type Subscription } from '../testing/wire-client.js';
import { isAtLeast, type ClusterFacts } from './cluster-facts.js';
import type { Control } from './control.js';
import { authorization } from './credential.js';
import { expectEqual, notRun } from './expect.js';
import { Framework } from './framework.js';
import type { RunSettings } from './run-settings.js';
import { whyNoOffer } from './why-no-offer.js';

export interface FrameworkOptions {
  readonly info?: Partial<FrameworkInfo>;
  readonly subscribe?: Partial<Call.Subscribe>;
  readonly encoding?: Encoding;
  readonly acknowledges?: boolean;
}

/** After these a framework that the suite left behind is gone by itself. */
const FAILOVER_TIMEOUT_SECONDS = 30;

export class CaseContext {
  /** Of the leading master. */
  client: WireClient;
  private leader: string;
  private readonly clients: WireClient[] = [];
  private readonly subscriptions: Subscription[] = [];
  private readonly frameworks: Framework[] = [];

  constructor(
    readonly settings: RunSettings,
    readonly facts: ClusterFacts,
    readonly encoding: Encoding,
  ) {
    this.leader = settings.url;
    this.client = this.newClient(encoding);
  }

  /** http://host:port of the master that leads, as far as the case knows. */
  get url(): string {
    return this.leader;
  }

  /** Another master leads: what is done from now on is done there. */
  follow(url: string): void {
    this.leader = url;
    this.client = this.newClient(this.encoding);
  }

  /** Of a master that does not lead; `index` counts from 0. */
  standby(index = 0): WireClient {
    return this.newClient(this.encoding, this.settings.standbys[index] ?? notRun('needs --standby host:port'));
  }

  get control(): Control {
    return this.settings.control;
  }

  get patienceMs(): number {
    return this.settings.patienceMs;
  }

  isAtLeast(version: string): boolean {
    return isAtLeast(this.facts.version, version);
  }

  needsAgents(count: number): void {
    if (this.facts.agents.length < count) notRun(`needs ${count} agents, and there are ${this.facts.agents.length}`);
  }

  frameworkInfo(overrides: Partial<FrameworkInfo> = {}): FrameworkInfo {
    const principal = this.settings.credential?.split(':')[0];
    return {
      user: this.settings.user,
      name: 'conformance',
      failover_timeout: FAILOVER_TIMEOUT_SECONDS,
      checkpoint: true,
      roles: ['*'],
      capabilities: capabilities('MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'),
      ...(principal === undefined ? {} : { principal }),
      ...overrides,
    };
  }

  subscribeCall(info: FrameworkInfo, more: Partial<Call.Subscribe> = {}): Partial<Call> {
    return {
      type: 'SUBSCRIBE',
      ...(info.id === undefined ? {} : { framework_id: info.id }),
      subscribe: { framework_info: info, ...more },
    };
  }

  /** SUBSCRIBE, whatever comes of it. */
  async subscribe(info: FrameworkInfo, more: Partial<Call.Subscribe> = {}, encoding = this.encoding): Promise<Subscription> {
    const subscription = await this.newClient(encoding).subscribe(this.subscribeCall(info, more));
    this.subscriptions.push(subscription);
    return subscription;
  }

  /** A framework that has its SUBSCRIBED. */
  async framework({ info, subscribe = {}, encoding = this.encoding, acknowledges = true }: FrameworkOptions = {}): Promise<Framework> {
    const whole = this.frameworkInfo(info);
    const subscription = await this.subscribe(whole, subscribe, encoding);
    expectEqual('the status of the answer to SUBSCRIBE', subscription.status, 200);
    const id = await subscription.until(
      'SUBSCRIBED',
      (events) => events.find(({ subscribed }) => subscribed)?.subscribed?.framework_id.value,
      this.patienceMs,
    );
    const framework = new Framework({
      client: this.newClient(encoding),
      subscription,
      info: whole,
      id,
      acknowledges,
      patienceMs: this.patienceMs,
      whyNoOffer: () => whyNoOffer(this, new Set(this.frameworks.map((one) => one.id))),
    });
    this.frameworks.push(framework);
    return framework;
  }

  /** The same framework on a new subscription. */
  again(framework: Framework, options: FrameworkOptions = {}): Promise<Framework> {
    return this.framework({ ...options, info: { ...framework.info, ...options.info, id: { value: framework.id } } });
  }

  /** The connection of its subscription breaks, and the master knows. @returns the answer to a call then */
  cut(framework: Framework): Promise<Answer> {
    framework.subscription.close();
    return this.eventually('the end of the subscription', async () => {
      // A call that changes nothing.
      const answer = await framework.call({ type: 'REQUEST', request: { requests: [] } });
      return answer.status === 202 ? undefined : answer;
    });
  }

  get(path: string): Promise<Answer> {
    return this.client.exchange({ method: 'GET', path });
  }

  async getJson<T = Record<string, unknown>>(path: string): Promise<T> {
    const { status, body } = await this.get(path);
    expectEqual(`the status of GET ${path}`, status, 200);
    return JSON.parse(body) as T;
  }

  /** What the offer's agent answers to GET, in JSON; not run where it can't be reached from here. */
  async askAgent<T>({ url, hostname }: Offer, path: string): Promise<T> {
    const { ip, port } = url?.address ?? {};
    const client = this.newClient('json', `http://${ip ?? hostname}:${port ?? 5051}`);
    const answer = await client.exchange({ method: 'GET', path }).catch(() => notRun('the agents can not be reached from here'));
    if (answer.status === 401 || answer.status === 403) notRun(`the agent answers ${path} with ${answer.status}`);
    expectEqual(`the status of GET ${path} at the agent`, answer.status, 200);
    return JSON.parse(answer.body) as T;
  }

  /** POST to the scheduler API with the body and headers as given. */
  post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.client.exchange({
      method: 'POST',
      path: '/api/v1/scheduler',
      headers: { 'Content-Type': mediaTypeOf(this.encoding), ...headers },
      body,
    });
  }

  /** Looks again until `find` gives something, or says what was looked at last. */
  async eventually<T>(what: string, find: () => Promise<T | undefined>, ms = this.patienceMs): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = await find();
      if (found !== undefined) return found;
      if (Date.now() > deadline) expectEqual(what, undefined, 'something');
      await delay(50);
    }
  }

  wait(ms: number): Promise<void> {
    return delay(ms);
  }

  /** Nothing of the case is left on the cluster. */
  async cleanUp(): Promise<void> {
    for (const framework of this.frameworks) await this.remove(framework).catch(() => undefined);
    for (const subscription of this.subscriptions) subscription.close();
    for (const client of this.clients) client.close();
  }

  private newClient(encoding: Encoding, url = this.leader): WireClient {
    const { credential, patienceMs } = this.settings;
    const client = new WireClient(url, encoding, { headers: authorization(credential), timeoutMs: patienceMs });
    this.clients.push(client);
    return client;
  }

  private async remove(framework: Framework): Promise<void> {
    if ((await framework.call({ type: 'TEARDOWN' })).status === 202) return;
    const later = this.frameworks.some((other) => other !== framework && other.id === framework.id && !other.subscription.isClosed);
    if (later) return;
    await this.client.exchange({
      method: 'POST',
      path: '/teardown',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `frameworkId=${encodeURIComponent(framework.id)}`,
    });
  }
}

export const capabilities = (...types: readonly FrameworkInfo.Capability.Type[]): FrameworkInfo.Capability[] =>
  types.map((type) => ({ type }));
