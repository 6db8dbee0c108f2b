import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleService } from '@streams-on-mesos/local-environment/testing/service-process';
import { topologyOf, type Topology } from '@streams-on-mesos/messages';
import { AmqpConnection } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { afterAll, beforeAll, inject } from 'vitest';
import { AllocationProcess } from './allocation-process.js';
import { BridgeOnTheWire } from './bridge-on-the-wire.js';
import { OfferServiceOnTheWire } from './offer-service-on-the-wire.js';
import { RequesterOnTheWire } from './requester-on-the-wire.js';

/** The service's bundle, made once for all tests of the file (or the `describe`) that calls this. */
export const bundleForTests = (): { readonly path: string } => {
  const directory = mkdtempSync(join(tmpdir(), 'allocation-service-'));
  const bundle = { path: '' };
  beforeAll(async () => {
    bundle.path = await bundleService('allocation-service', directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return bundle;
};

/** A framework of its own on the real broker and ZooKeeper: processes of allocation-service, and who plays the others. */
export class FrameworkOnTheWire {
  readonly offerService: OfferServiceOnTheWire;
  readonly #processes: AllocationProcess[] = [];

  private constructor(
    readonly bundle: string,
    readonly name: string,
    readonly topology: Topology,
    readonly amqp: AmqpConnection,
    readonly env: Record<string, string>,
    private readonly finish: AbortController,
  ) {
    this.offerService = new OfferServiceOnTheWire(amqp, topology, finish.signal);
  }

  /** `env`: settings of every process of allocation-service that is started here. */
  static async begin(bundle: string, env: Record<string, string> = {}): Promise<FrameworkOnTheWire> {
    const name = `framework-${randomUUID()}`;
    const topology = topologyOf(name);
    const finish = new AbortController();
    const logger = pino({ level: 'silent' });
    const amqp = AmqpConnection.connect({ url: inject('rabbitmqUrl'), topology, logger, signal: finish.signal });
    await amqp.whenConnected();
    return new FrameworkOnTheWire(bundle, name, topology, amqp, env, finish);
  }

  get signal(): AbortSignal {
    return this.finish.signal;
  }

  bridge(): BridgeOnTheWire {
    return new BridgeOnTheWire(this.amqp, this.topology, this.signal);
  }

  requester(): Promise<RequesterOnTheWire> {
    return RequesterOnTheWire.start(this.amqp, this.topology, this.signal);
  }

  async start(env: Record<string, string> = {}): Promise<AllocationProcess> {
    const process = await AllocationProcess.start(this.bundle, {
      FRAMEWORK_NAME: this.name,
      ZOOKEEPER: inject('zookeeper'),
      RABBITMQ_URL: inject('rabbitmqUrl'),
      ...this.env,
      ...env,
    });
    this.#processes.push(process);
    return process;
  }

  async startLeading(env: Record<string, string> = {}): Promise<AllocationProcess> {
    const earlier = this.offerService.term;
    const process = await this.start(env);
    await process.untilReady('leader');
    await this.offerService.untilHelloAfter(earlier);
    return process;
  }

  /** Killed and not asked: one that is paused hears of nothing else. */
  async end(): Promise<void> {
    await Promise.all(this.#processes.splice(0).map((process) => process.kill()));
    this.finish.abort();
    await this.amqp.close();
  }
}
