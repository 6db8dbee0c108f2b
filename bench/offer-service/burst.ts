import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@streams-on-mesos/local-environment';
import type { Event, Offer } from '@streams-on-mesos/mesos';
import { decodeEnvelope } from '@streams-on-mesos/messages';
import { AmqpConnection, campaign, createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import amqp from 'amqplib';
import { percentile, rounded, type Bench, type Figure } from '../figure.js';
import { recordOf, withOfferService, type OfferServiceRun } from './offer-service-run.js';

const OFFERS = 10_000;
const BURSTS = 5;
const EVENTS = 1_000_000;
const WARM_UP_EVENTS = 200_000;
/** As long as a burst takes: the longest delays of a longer time are longer. */
const IDLE_MS = 1_000;
const MB = 1024 * 1024;

const offerOf = (id: string, agent: number): Offer => ({
  id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-O${id}` },
  framework_id: { value: 'framework-1' },
  agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${agent}` },
  hostname: `agent-${agent}.example`,
  allocation_info: { role: '*' },
  attributes: [{ name: 'zone', type: 'TEXT', text: { value: `z${agent % 8}` } }],
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 8 }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 16_384 }, allocation_info: { role: '*' } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, allocation_info: { role: '*' } },
  ],
});

const offersEvent = (burst: string, count: number): Event => ({
  type: 'OFFERS',
  offers: { offers: Array.from({ length: count }, (_, n) => offerOf(`${burst}-${n}`, n)) },
});

/** An allocation-service that wants every offer and answers none; `arrived` is told of each message, and how many offers it holds. */
const wantOffers = async (run: OfferServiceRun, arrived: (content: Buffer) => void, over: AbortSignal): Promise<() => Promise<void>> => {
  const logger = createLogger('bench', 'error');
  const zookeeper = await ZooKeeperConnection.connect(run.zookeeper, { logger, signal: over });
  const connection = AmqpConnection.connect({ url: run.brokerUrl, topology: run.topology, logger, signal: over });
  await connection.whenConnected();
  const bare = await amqp.connect(run.brokerUrl, { noDelay: true });
  const channel = await bare.createChannel();
  await channel.consume(run.topology.offers.name, (message) => message && arrived(message.content), { noAck: true });
  await channel.consume(run.topology.updates.name, () => undefined, { noAck: true });
  const path = frameworkPaths(run.frameworkName).leaders('allocation-service');
  const term = await new Promise<number>((resolve) => {
    void campaign({
      zookeeper,
      path,
      instance: 'bench',
      logger,
      signal: over,
      lead: (leadership) => {
        resolve(leadership.term);
        return new Promise<void>((end) => leadership.signal.addEventListener('abort', () => end()));
      },
    });
  });
  await connection.publish(run.topology.calls, { hello: { allocation_term: term } });
  const before = run.master.calls;
  await connection.publish(run.topology.calls, {
    desired_state: { allocation_term: term, revision: 1, revive_counter: 0, roles: [{ role: '*', wanted: true }] },
  });
  await until('REVIVE', 10_000, () => run.master.calls > before);
  return async () => {
    await bare.close();
    await connection.close();
    await zookeeper.close();
  };
};

/** 10,000 offers in one event: how long the loop is held up, and how long each offer takes to the consumer. */
const bursts = async ({ master, metric }: OfferServiceRun, arrivals: { at: number; content: Buffer }[]): Promise<Figure[]> => {
  const delays: number[] = [];
  const idleDelays: number[] = [];
  const ages: number[] = [];
  for (let burst = 0; burst < BURSTS + 1; burst++) {
    const record = recordOf(offersEvent(`b${burst}`, OFFERS));
    const outstanding = await metric('offer_service_offers_received_total');
    arrivals.length = 0;
    // reading it begins the next measurement
    await metric('nodejs_eventloop_lag_p99_seconds');
    await pause(IDLE_MS);
    const idleDelay = await metric('nodejs_eventloop_lag_p99_seconds');
    const began = performance.now();
    await master.send(record);
    let seen = 0;
    let counted = 0;
    await until('all offers', 20_000, () => {
      for (; counted < arrivals.length; counted++) seen += decodeEnvelope(arrivals[counted]!.content).offers?.offers?.length ?? 0;
      return seen >= OFFERS;
    });
    const delay = await metric('nodejs_eventloop_lag_p99_seconds');
    if ((await metric('offer_service_offers_received_total')) - outstanding !== OFFERS) throw new Error('offers got lost');
    if (burst === 0) continue;
    delays.push(delay * 1_000);
    idleDelays.push(idleDelay * 1_000);
    for (const { at, content } of arrivals)
      for (let n = decodeEnvelope(content).offers?.offers?.length ?? 0; n > 0; n--) ages.push(at - began);
  }
  const worst = Math.max(...delays);
  const worstIdle = Math.max(...idleDelays);
  return [
    {
      name: 'burst event-loop delay',
      value: rounded(worst),
      unit: `ms p99, worst of ${BURSTS} bursts of ${OFFERS} offers`,
      against: '50 ms',
      ratio: rounded(worst / 50),
    },
    {
      name: 'burst event-loop delay, median',
      value: rounded(percentile(delays, 0.5)),
      unit: `ms p99, median of ${BURSTS} bursts`,
      against: `${rounded(worstIdle)} ms p99 at worst while idle before each burst, 10 of them the sampling's own: what this machine adds now`,
      ratio: rounded(percentile(delays, 0.5) / worstIdle),
    },
    ...[0.5, 0.99].map((fraction) => {
      const value = percentile(ages, fraction);
      return {
        name: `burst stream to AMQP p${fraction * 100}`,
        value: rounded(value),
        unit: 'ms from the master writing the event to the consumer having the offer',
        against: '1 s, an allocation cycle',
        ratio: rounded(value / 1_000),
      };
    }),
  ];
};

/** A mix of events, as fast as the stream takes them, and what of the heap is in use before and after. */
const million = async ({ liveHeap, master, metric }: OfferServiceRun): Promise<Figure[]> => {
  let number = 0;
  const batch = (): Uint8Array => {
    const events: Uint8Array[] = [];
    for (let n = 0; n < 100; n++, number++) {
      const { id } = offerOf(`m${number}`, number % 10_000);
      events.push(recordOf({ type: 'OFFERS', offers: { offers: [offerOf(`m${number}`, number % 10_000)] } }));
      events.push(recordOf({ type: 'RESCIND', rescind: { offer_id: id } }));
      for (let beat = 0; beat < 8; beat++) events.push(heartbeat);
    }
    return Buffer.concat(events);
  };
  const heartbeat = recordOf({ type: 'HEARTBEAT' });
  const settled = async (): Promise<number> => {
    const received = number + OFFERS * (BURSTS + 1);
    await until('all is handled', 120_000, async () => (await metric('offer_service_offers_received_total')) >= received);
    await until('no offer is out', 60_000, async () => (await metric('offer_service_offers_outstanding')) === 0);
    return liveHeap();
  };
  const send = async (events: number): Promise<void> => {
    for (const until = number + events / 10; number < until;) await master.send(batch());
  };
  await send(WARM_UP_EVENTS);
  const before = await settled();
  await send(EVENTS);
  const after = await settled();
  return [
    {
      name: 'burst memory',
      value: rounded((after - before) / MB),
      unit: `MB of heap more after ${EVENTS} events`,
      against: `the heap after ${WARM_UP_EVENTS} events, ${rounded(before / MB)} MB`,
      ratio: rounded(after / before),
    },
  ];
};

/** What a burst of offers does to offer-service, and a million events to its memory. */
export const burst: Bench = () =>
  withOfferService(async (run) => {
    const over = new AbortController();
    let arrivals: { at: number; content: Buffer }[] | undefined = [];
    const close = await wantOffers(run, (content) => arrivals?.push({ at: performance.now(), content }), over.signal);
    try {
      const figures = await bursts(run, arrivals);
      arrivals = undefined;
      return [...figures, ...(await million(run))];
    } finally {
      over.abort();
      await close();
    }
  });
