import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import { bundleService } from '@streams-on-mesos/local-environment/testing/service-process';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import type { Event } from '@streams-on-mesos/mesos';
import { topologyOf } from '@streams-on-mesos/messages';
import { AmqpConnection, createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { AllocationOnTheWire } from './allocation-on-the-wire.js';
import { offerOf, statusOf } from './driver-harness.js';
import { MesosOnTheWire } from './mesos-on-the-wire.js';
import { OfferProcess } from './offer-process.js';

const logger = createLogger('test', 'silent');

export const UUID = 'AAAAAAAAAAAAAAAAAAAAAA==';

export const offersEvent = (...ids: string[]): Event => ({ type: 'OFFERS', offers: { offers: ids.map((id) => offerOf(id)) } });

export const updateEvent = (taskId: string, uuid?: string): Event => ({
  type: 'UPDATE',
  update: { status: statusOf(taskId, 'TASK_RUNNING', uuid) },
});

/**
 * offer-service as a process, with a real RabbitMQ (behind a proxy) and a real ZooKeeper, between an allocation-service and a
 * Mesos whose every move is the test's. A framework of its own for each test.
 */
export class OfferWorld {
  frameworkName = '';
  mesos!: MesosOnTheWire;
  broker!: TcpProxy;
  allocation!: AllocationOnTheWire;
  #bundle = '';
  #amqp!: AmqpConnection;
  #zookeeper!: ZooKeeperConnection;
  #end = new AbortController();
  readonly #processes: OfferProcess[] = [];

  private constructor(private readonly brokerUrl: () => string) {}

  /**
   * Registers the hooks of vitest that make and end it.
   * @param options.brokerUrl asked before each test; default: the broker that all tests share
   */
  static forEachTest(options: { readonly brokerUrl?: () => string } = {}): OfferWorld {
    const world = new OfferWorld(options.brokerUrl ?? (() => inject('rabbitmqUrl')));
    const directory = mkdtempSync(join(tmpdir(), 'offer-service-'));
    beforeAll(async () => {
      world.#bundle = await bundleService('offer-service', directory);
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    beforeEach(() => world.#begin());
    afterEach(() => world.#finish());
    return world;
  }

  get topology() {
    return topologyOf(this.frameworkName);
  }

  async start(env: Record<string, string> = {}): Promise<OfferProcess> {
    const process = await OfferProcess.start(this.#bundle, {
      FRAMEWORK_NAME: this.frameworkName,
      MESOS_MASTER: this.mesos.master,
      ZOOKEEPER: inject('zookeeper'),
      RABBITMQ_URL: `amqp://${this.broker.address}`,
      ...env,
    });
    this.#processes.push(process);
    return process;
  }

  /** Lets allocation-service lead, which says hello. */
  allocationLeads(): Promise<void> {
    return this.allocation.lead(this.#zookeeper, this.frameworkName, logger);
  }

  /** A leader that is subscribed, with an allocation-service that wants offers. */
  async startFlowing(env: Record<string, string> = {}): Promise<OfferProcess> {
    const process = await this.start(env);
    await process.untilReady('leader');
    await this.allocationLeads();
    await this.allocation.desire(true);
    await until('offers are wanted', 10_000, () => this.mesos.ofType('REVIVE').length > 0, 20);
    return process;
  }

  async storedFrameworkId(): Promise<string | undefined> {
    const node = await this.#zookeeper.session.get(frameworkPaths(this.frameworkName).frameworkId);
    return node?.data.toString('utf8');
  }

  async #begin(): Promise<void> {
    this.frameworkName = `offer-${randomUUID()}`;
    this.#end = new AbortController();
    const { signal } = this.#end;
    this.mesos = await MesosOnTheWire.start();
    this.broker = await TcpProxy.start(new URL(this.brokerUrl()).host);
    this.#amqp = AmqpConnection.connect({ url: this.brokerUrl(), topology: this.topology, logger, signal });
    this.#zookeeper = await ZooKeeperConnection.connect(inject('zookeeper'), { logger, signal });
    await this.#amqp.whenConnected();
    this.allocation = new AllocationOnTheWire(this.#amqp, this.topology);
  }

  async #finish(): Promise<void> {
    await Promise.all(this.#processes.splice(0).map((process) => process.stop()));
    this.allocation.end();
    await this.#amqp.close();
    this.#end.abort();
    await this.mesos.close();
    await this.broker.close();
  }
}
