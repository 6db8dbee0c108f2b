import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@streams-on-mesos/local-environment';
import { rounded, type Bench, type Figure } from '../figure.js';
import { offerOf } from './made-offers.js';
import { recordOf, withOfferService, type LiveMemory, type OfferServiceRun } from './offer-service-run.js';
import { wantOffers } from './want-offers.js';

/** Every bounded memory is full after these: 50,000 offers of which the last 20,000 are remembered, and code has been compiled as often as it ever will be. */
const WARM_UP_EVENTS = 500_000;
const EVENTS = 1_000_000;
const POINTS = 4;
/** Nothing comes for so long once all has come. */
const QUIET_MS = 1_000;
const BATCH_EVENTS = 1_000;
/** Of updates; offer-service drops what comes while it holds 10,000, for agents send it again, and this master doesn't. */
const MOST_UNACKNOWLEDGED = 5_000;
const MB = 1024 * 1024;

/** Sends events of all kinds that come in numbers: of ten, an offer, its rescind, an update, and heartbeats. */
class EventStream {
  #number = 0;
  readonly #callsBefore: number;
  readonly #arrived: () => number;
  readonly #heartbeats = Buffer.concat(Array.from({ length: 7 }, () => recordOf({ type: 'HEARTBEAT' })));

  /** @param arrived how many messages have come through the broker */
  constructor(
    private readonly run: OfferServiceRun,
    arrived: () => number,
  ) {
    this.#callsBefore = run.master.calls;
    this.#arrived = arrived;
  }

  async send(events: number): Promise<void> {
    for (let sent = 0; sent < events; sent += BATCH_EVENTS) {
      await this.#acknowledgedBut(MOST_UNACKNOWLEDGED);
      await this.run.master.send(this.#batch());
    }
    await this.#settled();
  }

  #batch(): Uint8Array {
    return Buffer.concat(Array.from({ length: BATCH_EVENTS / 10 }, () => this.#ten(this.#number++)));
  }

  #ten(n: number): Uint8Array {
    const offer = offerOf(`m${n}`, n % 10_000);
    const uuid = Buffer.alloc(16);
    uuid.writeUInt32LE(n);
    const status = {
      task_id: { value: `resource_${n}_1` },
      agent_id: offer.agent_id,
      state: 'TASK_RUNNING' as const,
      source: 'SOURCE_EXECUTOR' as const,
      uuid: uuid.toString('base64'),
    };
    return Buffer.concat([
      recordOf({ type: 'OFFERS', offers: { offers: [offer] } }),
      recordOf({ type: 'UPDATE', update: { status } }),
      recordOf({ type: 'RESCIND', rescind: { offer_id: offer.id } }),
      this.#heartbeats,
    ]);
  }

  #acknowledgedBut(updates: number): Promise<unknown> {
    const acknowledged = (): number => this.run.master.calls - this.#callsBefore;
    return until(`all but ${updates} updates acknowledged`, 60_000, () => this.#number - acknowledged() <= updates, 2);
  }

  /** All is read, published and acknowledged: what only waits for a slow broker or master is no leak. */
  async #settled(): Promise<void> {
    const { metric } = this.run;
    await until('all is read', 120_000, async () => (await metric('offer_service_offers_received_total')) >= this.#number);
    for (const left of ['offer_service_offers_outstanding', 'offer_service_updates_held', 'offer_service_stream_waiting_events'])
      await until(`${left} 0`, 60_000, async () => (await metric(left)) === 0);
    await this.#acknowledgedBut(0);
    for (let before = -1; before !== this.#arrived();) {
      before = this.#arrived();
      await pause(QUIET_MS);
    }
  }
}

/** By least squares: what one more event adds. */
const slope = (points: readonly { readonly x: number; readonly y: number }[]): number => {
  const mean = (of: 'x' | 'y') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean('x'), mean('y')];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
};

const figureOf = (name: string, what: string, samples: readonly LiveMemory[], of: (memory: LiveMemory) => number): Figure => {
  const sizes = samples.map((memory) => of(memory) / MB);
  const grown = slope(sizes.map((y, index) => ({ x: index / POINTS, y })));
  const first = sizes[0] ?? NaN;
  return {
    name,
    value: rounded(grown),
    unit: `MB of ${what} more per ${EVENTS} events`,
    against: `${sizes.map(rounded).join(', ')} MB, measured every ${EVENTS / POINTS} events after the first ${WARM_UP_EVENTS}`,
    ratio: rounded((first + grown) / first),
  };
};

/** What a million events leave behind in offer-service: live bytes after garbage collections, at several points, once all that is bounded is full. */
export const burstMemory: Bench = () =>
  withOfferService(async (run) => {
    const over = new AbortController();
    let messages = 0;
    const close = await wantOffers(run, () => messages++, over.signal);
    try {
      const stream = new EventStream(run, () => messages);
      await stream.send(WARM_UP_EVENTS);
      const samples = [await run.liveMemory()];
      while (samples.length <= POINTS) {
        await stream.send(EVENTS / POINTS);
        samples.push(await run.liveMemory());
      }
      return [
        figureOf('burst memory', 'heap', samples, ({ heapUsed }) => heapUsed),
        figureOf('burst memory, outside of the heap', 'buffers', samples, ({ external }) => external),
        figureOf('burst memory, of the process', 'resident memory', samples, ({ rss }) => rss),
      ];
    } finally {
      over.abort();
      await close();
    }
  });
