import { join } from 'node:path';
import { checkout, freePorts, ownRun, startPart, startRabbitMq, startZooKeeper, until } from '@streams-on-mesos/local-environment';
import { codecOf, encodeRecord, type Encoding, type Event } from '@streams-on-mesos/mesos';
import { topologyOf, type Topology } from '@streams-on-mesos/messages';
import { BareMaster } from './bare-master.js';

/** As `make setup` has built it; seen from bench/dist, where this runs. */
const program = join(import.meta.dirname, '../../offer-service/dist/main.mjs');

const probe = join(checkout, 'bench', 'offer-service', 'probe.mjs');

/** An event as it stands in the stream. */
export const recordOf = (event: Event, encoding: Encoding = 'protobuf'): Uint8Array => encodeRecord(codecOf(encoding).encodeEvent(event));

/** Live bytes of a process: what `process.memoryUsage()` says after garbage collections. */
export interface LiveMemory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** The longest turn of an event loop: CPU time of its thread, and time on the clock. */
export interface LongestTurn {
  readonly longestCpuMs: number;
  readonly longestMs: number;
}

/** The program offer-service between a real RabbitMQ and ZooKeeper and a bare master. */
export interface OfferServiceRun {
  readonly master: BareMaster;
  readonly brokerUrl: string;
  readonly zookeeper: string;
  readonly frameworkName: string;
  readonly topology: Topology;
  liveMemory(): Promise<LiveMemory>;
  /** The longest turn while `act` runs; offer-service's loop does not rest meanwhile. */
  longestTurn(act: () => Promise<unknown>): Promise<LongestTurn>;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
}

/** Starts all of it, hands it to `measure`, and ends it. */
export const withOfferService = async <T>(
  measure: (run: OfferServiceRun) => Promise<T>,
  { encoding = 'protobuf' }: { readonly encoding?: Encoding } = {},
): Promise<T> => {
  const run = ownRun('bench');
  const begun: { stop(): Promise<void> }[] = [{ stop: () => Promise.resolve(run.remove()) }];
  try {
    const master = await BareMaster.start(encoding);
    begun.unshift({ stop: () => Promise.resolve(master.close()) });
    const broker = await startRabbitMq({ dir: join(run.path, 'rabbitmq'), runDirectory: run.path });
    begun.unshift(broker);
    const keeper = await startZooKeeper({ dir: join(run.path, 'zookeeper'), runDirectory: run.path });
    begun.unshift(keeper);
    const frameworkName = 'bench';
    const [port, probePort] = await freePorts(2);
    const url = `http://127.0.0.1:${port}`;
    const service = await startPart({
      name: 'offer-service',
      runDirectory: run.path,
      launch: {
        command: process.execPath,
        args: ['--expose-gc', '--import', probe, program],
        env: {
          HTTP_PORT: String(port),
          FRAMEWORK_NAME: frameworkName,
          PROBE_PORT: String(probePort),
          MESOS_ENCODING: encoding,
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
    begun.unshift(service);
    const ask = async <Answer>(what: string): Promise<Answer> =>
      (await (await fetch(`http://127.0.0.1:${probePort}/${what}`)).json()) as Answer;
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
      return Number(line?.slice(line.lastIndexOf(' ')));
    };
    await master.subscribed();
    await master.send(
      recordOf({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'framework-1' }, heartbeat_interval_seconds: 15 } }, encoding),
    );
    await until('offer-service is subscribed', 20_000, async () => (await fetch(`${url}/readyz`)).ok);
    return await measure({
      master,
      brokerUrl: broker.url,
      zookeeper: keeper.connectString,
      frameworkName,
      topology: topologyOf(frameworkName),
      metric,
      liveMemory: () => ask<LiveMemory>('memory'),
      longestTurn: async (act) => {
        await ask('watch-turns');
        await act();
        return ask<LongestTurn>('turns');
      },
    });
  } finally {
    for (const part of begun) await part.stop();
  }
};
