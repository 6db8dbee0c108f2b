import { checkout, freePorts, ownRun, startPart, startRabbitMq, startZooKeeper, until } from '@streams-on-mesos/local-environment';
import { encodeEnvelope, topologyOf, type Body, type Envelope, type Topology } from '@streams-on-mesos/messages';
import { AmqpConnection, createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import { join } from 'node:path';
import { percentile, rounded, type Bench } from '../figure.js';
import { BareWay, type WaySizes } from './bare-way.js';

const REQUESTS = 500;
const WARM_UP = 100;
/** So many that none gets more tasks than it has cpus. */
const AGENTS = 100;
const FRAMEWORK = 'bench-request';

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, allocation_info: { role: '*' } });

const offersBody = (term: number, n: number): Body => ({
  offers: {
    subscription: { term: 1, counter: 1 },
    allocation_term: term,
    offers: [
      {
        id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-O${n}` },
        framework_id: { value: 'framework' },
        agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${n % AGENTS}` },
        hostname: `agent-${n % AGENTS}.example`,
        allocation_info: { role: '*' },
        resources: [scalar('cpus', 8), scalar('mem', 16_384), scalar('disk', 100_000)],
      },
    ],
  },
});

const requestBody = (n: number): Body => ({
  allocate: {
    request_id: `request-${n}`,
    client_id: 'client',
    count: 1,
    each: { cpus: 1, mem: 1_024 },
    workload: { command: 'exec ./controller' },
    labels: { tags: 'ingest' },
    task_prefix: 'streams',
  },
});

/** The bytes of a body in its envelope. */
const sizeOf = (body: Body): number => {
  const id = '00000000-0000-0000-0000-000000000000';
  return encodeEnvelope({ id, sent_at_ms: Date.now(), trace_id: id, ...body }).length;
};

/** Plays offer-service and a Mesos that answers each REVIVE with offers at once. */
class OffersAtOnce {
  term = -1;
  /** How long the making of the last offers took here, in milliseconds: a master's part. */
  masterMs = 0;
  /** When the ACCEPT arrived, by performance.now(). */
  onAccept: (at: number) => void = () => undefined;
  /** The last messages with which offers were asked for and accepted. */
  desired: Envelope | undefined;
  accept: Envelope | undefined;
  #wanted = false;
  #offers = 0;

  constructor(
    readonly amqp: AmqpConnection,
    readonly topology: Topology,
    signal: AbortSignal,
  ) {
    amqp.consume(
      topology.calls,
      async (delivery) => {
        const arrivedAt = performance.now();
        const { envelope } = delivery;
        const { id, hello, desired_state: desired, call } = envelope;
        delivery.ack();
        if (hello !== undefined) await this.#greet(hello.allocation_term);
        if (desired !== undefined) await this.#desire(envelope, desired.roles?.some(({ wanted }) => wanted) ?? false);
        if (call === undefined) return;
        if (call.accept !== undefined) {
          this.accept = envelope;
          this.onAccept(arrivedAt);
        }
        await amqp.publish(topology.answers, { call_answer: { call_id: id, allocation_term: call.allocation_term, result: 'SENT' } });
      },
      { prefetch: 100, signal },
    );
  }

  async #greet(term: number): Promise<void> {
    this.term = term;
    const subscribed = { subscription: { term: 1, counter: 1 }, framework_id: 'framework', answers_term: term };
    await this.amqp.publish(this.topology.offers, { subscribed });
  }

  async #desire(envelope: Envelope, wanted: boolean): Promise<void> {
    const isRevive = wanted && !this.#wanted;
    this.#wanted = wanted;
    if (!isRevive) return;
    this.desired = envelope;
    const began = performance.now();
    this.#offers += 1;
    const offers = offersBody(this.term, this.#offers);
    this.masterMs = performance.now() - began;
    await this.amqp.publish(this.topology.offers, offers);
  }

  /** Nothing is waited for any more, so that the next request asks for offers anew. */
  untilSuppressed(): Promise<unknown> {
    return until('suppressed', 10_000, () => !this.#wanted, 1);
  }
}

/** What travelled and was written for the last request, in bytes. */
const sizesOfWay = async (zookeeperHosts: string, mesos: OffersAtOnce): Promise<WaySizes> => {
  const zookeeper = await ZooKeeperConnection.connect(zookeeperHosts, { logger: createLogger('bench', 'error') });
  try {
    const { journal } = frameworkPaths(FRAMEWORK);
    const names = (await zookeeper.session.children(journal)).sort().slice(-2);
    const [first, second] = await Promise.all(names.map(async (name) => (await zookeeper.session.get(`${journal}/${name}`))?.data.length));
    const { desired, accept } = mesos;
    if (first === undefined || second === undefined || desired === undefined || accept === undefined)
      throw new Error('no request went its way');
    return {
      request: sizeOf(requestBody(WARM_UP)),
      requestEntry: first,
      desired: encodeEnvelope(desired).length,
      offers: sizeOf(offersBody(mesos.term, WARM_UP)),
      offersEntry: second,
      accept: encodeEnvelope(accept).length,
    };
  } finally {
    await zookeeper.close();
  }
};

/**
 * A request's way through allocation-service: request in, then the desired state out, offers in, ACCEPT out, against the
 * bare hops over the same kinds of queues and the two bare ZooKeeper writes that this way has, of the same sizes, between two
 * processes as well. What a master needs from REVIVE to OFFERS is not in it.
 */
export const requestToAccept: Bench = async () => {
  const run = ownRun('bench');
  const stop = new AbortController();
  const [broker, zookeeper] = await Promise.all([
    startRabbitMq({ dir: join(run.path, 'rabbitmq') }),
    startZooKeeper({ dir: join(run.path, 'zookeeper') }),
  ]);
  const [port] = await freePorts(1);
  const service = await startPart({
    name: 'allocation-service',
    runDirectory: run.path,
    launch: {
      command: process.execPath,
      args: [join(checkout, 'allocation-service', 'dist', 'main.mjs')],
      env: {
        FRAMEWORK_NAME: FRAMEWORK,
        RABBITMQ_URL: broker.url,
        ZOOKEEPER: zookeeper.connectString,
        HTTP_PORT: String(port),
        LOG_LEVEL: 'warn',
      },
      cwd: run.path,
      logFile: join(run.path, 'allocation-service.log'),
    },
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
    readyWithinMs: 20_000,
    stopWithinMs: 10_000,
  });
  let bare: BareWay | undefined;
  try {
    const topology = topologyOf(FRAMEWORK);
    const amqp = AmqpConnection.connect({ url: broker.url, topology, logger: createLogger('bench', 'error'), signal: stop.signal });
    await amqp.whenConnected();
    const mesos = new OffersAtOnce(amqp, topology, stop.signal);
    await until('a leader that is greeted', 30_000, () => mesos.term >= 0);
    /** Milliseconds. */
    const go = async (n: number): Promise<number> => {
      const began = performance.now();
      const accepted = new Promise<number>((resolve) => (mesos.onAccept = resolve));
      await amqp.publish(topology.requests, requestBody(n));
      const way = (await accepted) - began - mesos.masterMs;
      await mesos.untilSuppressed();
      return way;
    };
    for (let n = 0; n < WARM_UP; n += 1) await go(n);
    bare = await BareWay.open(broker.url, zookeeper.connectString, await sizesOfWay(zookeeper.connectString, mesos));
    for (let n = 0; n < WARM_UP; n += 1) await bare.go();
    const ours: number[] = [];
    const theirs: number[] = [];
    // One of each in turn: whatever else the machine does meets both.
    for (let n = 0; n < REQUESTS; n += 1) {
      ours.push(await go(WARM_UP + n));
      theirs.push(await bare.go());
    }
    const against = 'four bare hops between two processes and two bare ZooKeeper writes';
    return [0.5, 0.99].map((fraction) => ({
      name: `request-to-accept-p${fraction * 100}`,
      value: rounded(percentile(ours, fraction)),
      unit: `ms p${fraction * 100}`,
      against,
      ratio: rounded(percentile(ours, fraction) / percentile(theirs, fraction)),
    }));
  } finally {
    stop.abort();
    await bare?.close();
    await service.stop();
    await Promise.all([broker.stop(), zookeeper.stop()]);
    run.remove();
  }
};
