import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, ownRun, startPart, startRabbitMq, startZooKeeper, until } from '@streams-on-mesos/local-environment';
import { codecOf, encodeRecord, type Event } from '@streams-on-mesos/mesos';
import { topologyOf, type Topology } from '@streams-on-mesos/messages';
import { BareMaster } from './bare-master.js';

/** As `make setup` has built it; seen from bench/dist, where this runs. */
const program = join(import.meta.dirname, '../../offer-service/dist/main.mjs');

const codec = codecOf('protobuf');

/** An event as it stands in the stream. */
export const recordOf = (event: Event): Uint8Array => encodeRecord(codec.encodeEvent(event));

/** The program offer-service between a real RabbitMQ and ZooKeeper and a bare master. */
export interface OfferServiceRun {
  readonly master: BareMaster;
  readonly brokerUrl: string;
  readonly zookeeper: string;
  readonly frameworkName: string;
  readonly topology: Topology;
  /** Bytes of the heap that are in use after a garbage collection. */
  liveHeap(): Promise<number>;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
}

/** Starts all of it, hands it to `measure`, and ends it. */
export const withOfferService = async <T>(measure: (run: OfferServiceRun) => Promise<T>): Promise<T> => {
  const run = ownRun('bench');
  const frameworkName = 'bench';
  const master = await BareMaster.start();
  const broker = await startRabbitMq({ dir: join(run.path, 'rabbitmq'), runDirectory: run.path });
  const keeper = await startZooKeeper({ dir: join(run.path, 'zookeeper'), runDirectory: run.path });
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const service = await startPart({
    name: 'offer-service',
    runDirectory: run.path,
    launch: {
      command: process.execPath,
      // the snapshot itself is thrown away: what it is for is the garbage collection that comes before it
      args: ['--heapsnapshot-signal=SIGUSR2', program],
      env: {
        HTTP_PORT: String(port),
        FRAMEWORK_NAME: frameworkName,
        MESOS_MASTER: master.address,
        ZOOKEEPER: keeper.connectString,
        RABBITMQ_URL: broker.url,
        LOG_LEVEL: 'warn',
      },
      cwd: run.path,
      logFile: join(run.path, 'offer-service.log'),
    },
    isReady: async () => (await fetch(`${url}/healthz`)).ok,
    readyWithinMs: 20_000,
    stopWithinMs: 10_000,
  });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
    return Number(line?.slice(line.lastIndexOf(' ')));
  };
  try {
    await master.subscribed();
    await master.send(
      recordOf({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'framework-1' }, heartbeat_interval_seconds: 15 } }),
    );
    await until('offer-service is subscribed', 20_000, async () => (await fetch(`${url}/readyz`)).ok);
    return await measure({
      master,
      brokerUrl: broker.url,
      zookeeper: keeper.connectString,
      frameworkName,
      topology: topologyOf(frameworkName),
      metric,
      liveHeap: async () => {
        process.kill(service.process.pid, 'SIGUSR2');
        const snapshots = () => readdirSync(run.path).filter((name) => name.endsWith('.heapsnapshot'));
        await until('a heap snapshot', 60_000, () => snapshots().length > 0);
        // it answers again when the snapshot is written; connections that idled meanwhile are closed
        const used = await until('an answer', 60_000, () => metric('nodejs_heap_size_used_bytes').catch(() => undefined));
        for (const snapshot of snapshots()) rmSync(join(run.path, snapshot));
        return used;
      },
    });
  } finally {
    await service.stop();
    master.close();
    await Promise.all([broker.stop(), keeper.stop()]);
    run.remove();
  }
};
