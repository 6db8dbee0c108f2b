import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codecOf } from '../../packages/mesos/src/codec/codec-of.js';
import { SchedulerClient, type Encoding, type Event } from '../../packages/mesos/src/index.js';
import { encodeRecord } from '../../packages/mesos/src/record-io.js';
import { rounded, type Bench } from '../figure.js';
import { startRecordServer } from './one-record-a-chunk.js';
import { offersEvent } from './recorded-offers.js';

const OFFERS = 10_000;
const TURNS = 4;
const ROUNDS = 5;

/** Reads the server's stream and says how many offers came with each event: one OFFERS may be read as several. */
type Reader = (port: number, onOffers: (count: number) => void) => () => void;

interface Racer {
  /** @returns seconds from the writing of the record to the last of its offers */
  run(): Promise<number>;
  stop(): void;
}

const startRacer = async (encoding: Encoding, event: Event, read: Reader): Promise<Racer> => {
  const server = await startRecordServer(encoding);
  const record = encodeRecord(codecOf(encoding).encodeEvent(event));
  let left = 0;
  let arrived: () => void = () => {};
  const stop = read(server.port, (count) => {
    left -= count;
    if (left <= 0) arrived();
  });
  await server.subscribed;
  return {
    run: async () => {
      const began = performance.now();
      left = OFFERS;
      await new Promise<void>((resolve) => {
        arrived = resolve;
        server.send(record);
      });
      if (left !== 0) throw new Error(`${OFFERS - left} offers were read, of ${OFFERS}`);
      return (performance.now() - began) / 1_000;
    },
    stop: () => {
      stop();
      server.close();
    },
  };
};

/** Least seconds of each. They take turns: what else runs on the machine then hits all; of several rounds, for garbage is of the last. */
const race = async (racers: readonly Racer[]): Promise<number[]> => {
  const least = racers.map(() => Infinity);
  try {
    for (let turn = 0; turn < TURNS; turn++)
      for (const [n, racer] of racers.entries())
        for (let round = 0; round < ROUNDS; round++) least[n] = Math.min(least[n] ?? Infinity, await racer.run());
  } finally {
    for (const racer of racers) racer.stop();
  }
  return least;
};

const ours =
  (encoding: Encoding): Reader =>
  (port, onOffers) => {
    const stop = new AbortController();
    const frameworkInfo = { user: 'bench', name: 'bench' };
    const client = new SchedulerClient({ master: `127.0.0.1:${port}`, encoding, frameworkInfo });
    void (async () => {
      for await (const notice of client.subscribe({ signal: stop.signal }))
        if (notice.kind === 'event' && notice.event.offers) onOffers(notice.event.offers.offers?.length ?? 0);
    })();
    return () => stop.abort();
  };

/** What the bench uses of the npm package, which has no types. */
interface NpmScheduler {
  on(event: string, listener: (value: { readonly offers?: readonly unknown[]; readonly message?: string }) => void): void;
  subscribe(): void;
  readonly httpRequest: { destroy(): void };
}
type NpmPackage = { readonly Scheduler: new (options: Record<string, unknown>) => NpmScheduler };

/** The package finds its .proto files beside itself, so it stays out of the bundle. */
const loadUnbundled = createRequire(import.meta.url);

const npmReader: Reader = (port, onOffers) => {
  const { Scheduler } = loadUnbundled('mesos-framework') as NpmPackage;
  const logs = mkdtempSync(join(tmpdir(), 'mesos-framework-'));
  const scheduler = new Scheduler({
    masterUrl: '127.0.0.1',
    port,
    handlers: { SUBSCRIBED: (_event: unknown) => {}, OFFERS: (_event: unknown) => {} },
    logging: { path: logs, fileName: 'log', level: 'error' },
  });
  scheduler.on('offers', ({ offers }) => onOffers(offers?.length ?? 0));
  scheduler.on('error', ({ message }) => process.stderr.write(`mesos-framework: ${String(message).slice(0, 200)}\n`));
  scheduler.subscribe();
  return () => {
    // It would subscribe again.
    scheduler.subscribe = () => {};
    scheduler.httpRequest.destroy();
    rmSync(logs, { recursive: true, force: true });
  };
};

/** From a master's socket to the event, against the reader of the npm package `mesos-framework`, which knows JSON only. */
export const decodeNpm: Bench = async () => {
  const event = offersEvent(OFFERS);
  const racers = [
    await startRacer('json', event, npmReader),
    await startRacer('json', event, ours('json')),
    await startRacer('protobuf', event, ours('protobuf')),
  ];
  const [theirs = NaN, json = NaN, protobuf = NaN] = await race(racers);
  const against = (records: string) => `the npm package mesos-framework on ${records}, one a chunk since two in one chunk break it`;
  const figure = (seconds: number, records: string) => ({
    name: 'decode-npm',
    value: rounded(OFFERS / seconds),
    unit: 'offers/s',
    against: against(records),
    ratio: rounded(theirs / seconds),
  });
  return [figure(json, 'the same JSON records'), figure(protobuf, 'JSON records of the same events, ours reads protobuf')];
};
