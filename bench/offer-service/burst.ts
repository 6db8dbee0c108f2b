import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@streams-on-mesos/local-environment';
import type { Encoding } from '@streams-on-mesos/mesos';
import { decodeEnvelope } from '@streams-on-mesos/messages';
import { percentile, rounded, type Bench, type Figure } from '../figure.js';
import { burstMemory } from './burst-memory.js';
import { offersEvent } from './made-offers.js';
import { recordOf, withOfferService, type OfferServiceRun } from './offer-service-run.js';
import { wantOffers } from './want-offers.js';

const OFFERS = 10_000;
const BURSTS = 5;
/** Bursts of which the turns are watched: less often, for each waits until its offers have expired. */
const WATCHED_BURSTS = 3;
/** As long as a burst takes: the longest delays of a longer time are longer. */
const IDLE_MS = 1_000;
const GOAL_MS = 50;

interface Arrival {
  readonly at: number;
  readonly content: Buffer;
}

const offersIn = (content: Buffer): number => decodeEnvelope(content).offers?.offers?.length ?? 0;

/** One burst: what the delay of the loop was before and during it, and how long each offer took to the consumer. Milliseconds. */
const measureBurst = async ({ master, metric }: OfferServiceRun, record: Uint8Array, arrivals: Arrival[]) => {
  const received = await metric('offer_service_offers_received_total');
  arrivals.length = 0;
  // reading it begins the next measurement
  await metric('nodejs_eventloop_lag_p99_seconds');
  await pause(IDLE_MS);
  const idleDelay = (await metric('nodejs_eventloop_lag_p99_seconds')) * 1_000;
  const began = performance.now();
  await master.send(record);
  let seen = 0;
  let counted = 0;
  await until('all offers', 20_000, () => {
    for (; counted < arrivals.length; counted++) seen += offersIn(arrivals[counted]!.content);
    return seen >= OFFERS;
  });
  const delay = (await metric('nodejs_eventloop_lag_p99_seconds')) * 1_000;
  if ((await metric('offer_service_offers_received_total')) - received !== OFFERS) throw new Error('offers got lost');
  const ages = arrivals.flatMap(({ at, content }) => Array<number>(offersIn(content)).fill(at - began));
  return { idleDelay, delay, ages };
};

/** The longest turn of the loop in a burst, and in what follows when nobody answers: all of it expires at once and is declined. */
const measureTurns = async (run: OfferServiceRun, record: Uint8Array) => {
  const outstanding = () => run.metric('offer_service_offers_outstanding');
  await until('no offer is out', 30_000, async () => (await outstanding()) === 0);
  const arriving = await run.longestTurn(async () => {
    await run.master.send(record);
    await until('all offers are out', 20_000, async () => (await outstanding()) === OFFERS);
  });
  const expiring = await run.longestTurn(() => until('all offers have expired', 30_000, async () => (await outstanding()) === 0));
  return { arriving: arriving.longestCpuMs, expiring: expiring.longestCpuMs };
};

const againstGoal = (name: string, ms: number, unit: string): Figure => ({
  name,
  value: rounded(ms),
  unit,
  against: `${GOAL_MS} ms`,
  ratio: rounded(ms / GOAL_MS),
});

/** 10,000 offers in one event: how long the loop is held up, and how long each offer takes to the consumer. */
const bursts = (encoding: Encoding): Promise<Figure[]> =>
  withOfferService(
    async (run) => {
      const over = new AbortController();
      const arrivals: Arrival[] = [];
      const close = await wantOffers(run, (content) => arrivals.push({ at: performance.now(), content }), over.signal);
      const record = (burst: string): Uint8Array => recordOf(offersEvent(`${encoding}-${burst}`, OFFERS), encoding);
      try {
        await measureBurst(run, record('warm-up'), arrivals);
        const measured = [];
        for (let n = 0; n < BURSTS; n++) measured.push(await measureBurst(run, record(`b${n}`), arrivals));
        const turns = [];
        for (let n = 0; n < WATCHED_BURSTS; n++) turns.push(await measureTurns(run, record(`t${n}`)));
        const delays = measured.map(({ delay }) => delay);
        const idle = Math.max(...measured.map(({ idleDelay }) => idleDelay));
        const ages = measured.flatMap((one) => one.ages);
        const name = `burst in ${encoding}`;
        return [
          againstGoal(`${name}, event-loop delay`, Math.max(...delays), `ms p99, worst of ${BURSTS} bursts of ${OFFERS} offers`),
          {
            name: `${name}, event-loop delay, median`,
            value: rounded(percentile(delays, 0.5)),
            unit: `ms p99, median of ${BURSTS} bursts`,
            against: `${rounded(idle)} ms p99 at worst while idle before each burst, 10 of them the sampling's own: what this machine adds now`,
            ratio: rounded(percentile(delays, 0.5) / idle),
          },
          againstGoal(
            `${name}, longest turn`,
            Math.max(...turns.map(({ arriving }) => arriving)),
            `ms of CPU time of one turn of the event loop, longest of ${WATCHED_BURSTS} bursts, whatever else runs on the machine`,
          ),
          againstGoal(
            `${name}, longest turn when all offers expire`,
            Math.max(...turns.map(({ expiring }) => expiring)),
            'ms of CPU time of one turn of the event loop',
          ),
          ...[0.5, 0.99].map((fraction) => {
            const value = percentile(ages, fraction);
            return {
              name: `${name}, stream to AMQP p${fraction * 100}`,
              value: rounded(value),
              unit: 'ms from the master writing the event to the consumer having the offer',
              against: '1 s, an allocation cycle',
              ratio: rounded(value / 1_000),
            };
          }),
        ];
      } finally {
        over.abort();
        await close();
      }
    },
    { encoding },
  );

/** What a burst of offers does to offer-service, in both encodings, and a million events to its memory. */
export const burst: Bench = async () => [...(await bursts('protobuf')), ...(await bursts('json')), ...(await burstMemory())];
