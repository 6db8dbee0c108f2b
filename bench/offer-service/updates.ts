import { randomBytes, randomUUID } from 'node:crypto';
import { acknowledge, codecOf, type TaskStatus } from '@streams-on-mesos/mesos';
import { encodeEnvelope, queueOptions } from '@streams-on-mesos/messages';
import amqp from 'amqplib';
import { percentile, rounded, type Bench, type Figure } from '../figure.js';
import type { BareMaster } from './bare-master.js';
import { BareSteps, type Rate } from './bare-steps.js';
import { recordOf, withOfferService, type OfferServiceRun } from './offer-service-run.js';

const UPDATES = 10_000;
const ROUNDS = 9;
const WARM_UP_ROUNDS = 2;
/** As many as agents would have unacknowledged: enough to keep all parts busy. */
const UNACKNOWLEDGED = 2_000;
/** Of what is done one after the other, which takes longer. */
const SINGLE = 500;
/** What offer-service has in flight at most (driver-settings.ts), and its connection for calls (packages/mesos). */
const CONFIRMS_IN_FLIGHT = 256;
const POSTS_IN_FLIGHT = 32;
const BARE_QUEUE = 'bench.bare-updates';

const statusOf = (n: number): TaskStatus => ({
  task_id: { value: `dc_resource_${n}_1` },
  agent_id: { value: '2efd329e-8cf3-4e8c-b124-b68caf132cb5-S0' },
  executor_id: { value: `dc_resource_${n}_1` },
  state: 'TASK_RUNNING',
  source: 'SOURCE_EXECUTOR',
  timestamp: 1_700_000_000 + n,
  uuid: randomBytes(16).toString('base64'),
});

const statuses = Array.from({ length: UPDATES }, (_, n) => statusOf(n));

/** From the stream to the acknowledgement, through the broker. */
const throughOfferService = async ({ master, metric }: OfferServiceRun, records: readonly Uint8Array[]): Promise<Rate> => {
  const cpuBefore = await metric('process_cpu_seconds_total');
  const before = master.calls;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    let sent = 0;
    const refill = () => {
      const acknowledged = master.calls - before;
      if (acknowledged >= UPDATES) return resolve();
      const room = Math.min(UPDATES, acknowledged + UNACKNOWLEDGED) - sent;
      if (room <= 0) return;
      void master.send(Buffer.concat(records.slice(sent, sent + room)));
      sent += room;
    };
    master.onCalls = refill;
    refill();
  });
  const perSecond = (UPDATES * 1_000) / (performance.now() - began);
  master.onCalls = () => undefined;
  return { perSecond, cpuMicros: (((await metric('process_cpu_seconds_total')) - cpuBefore) * 1e6) / UPDATES };
};

/** The bytes that offer-service publishes for these updates. */
const publishedBodies = (): Buffer[] =>
  statuses.map((status, n) => {
    const id = randomUUID();
    return encodeEnvelope({
      id,
      sent_at_ms: Date.now(),
      trace_id: id,
      update: { subscription: { term: 1, counter: 1 }, sequence: n, status },
    });
  });

/** The bytes that offer-service posts for them. */
const acknowledgements = ({ address }: BareMaster): Buffer[] =>
  statuses.map((status) => {
    const body = codecOf('protobuf').encodeCall({ ...acknowledge(status), framework_id: { value: 'framework-1' } });
    const type = 'application/x-protobuf';
    const head = `POST /api/v1/scheduler HTTP/1.1\r\nHost: ${address}\r\nContent-Type: ${type}\r\nAccept: ${type}\r\nMesos-Stream-Id: 1\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });

/** What one round measured, one after the other. */
interface Round {
  readonly ours: Rate;
  readonly confirms: Rate;
  readonly posts: Rate;
  readonly singleConfirms: Rate;
  readonly singlePosts: Rate;
}

const median = (samples: readonly number[]): number => percentile(samples, 0.5);

const against = (name: string, rounds: readonly Round[], bare: (round: Round) => readonly [Rate, Rate], inFlight: string): Figure => {
  const slower = (round: Round) => Math.min(...bare(round).map(({ perSecond }) => perSecond));
  const confirms = median(rounds.map((round) => bare(round)[0].perSecond));
  const posts = median(rounds.map((round) => bare(round)[1].perSecond));
  return {
    name,
    value: rounded(median(rounds.map(({ ours }) => ours.perSecond))),
    unit: 'updates/s',
    against: `the slower of ${rounded(confirms)} publishes/s of bare amqplib, confirmed, and ${rounded(posts)} bare ACKNOWLEDGE posts/s, ${inFlight}`,
    ratio: rounded(median(rounds.map((round) => round.ours.perSecond / slower(round)))),
  };
};

/**
 * Status updates a second from the stream to their acknowledgement, through the program offer-service and a RabbitMQ, against the
 * slower of the two steps this consists of, done barely by another process: persistent, mandatory publishes to a queue of the same
 * kind, and ACKNOWLEDGE posts, both of the same bytes, to the same broker and master. The bare ways have as many in flight as
 * offer-service has at most, or (the second figure) one. All take turns in each round; what is told is the median of the rounds'
 * ratios. On few cores offer-service's way shares them with both broker and master, a bare one with one of them.
 * The third figure leaves that aside: what the process itself spends, against what both bare steps spend together.
 */
export const updates: Bench = () =>
  withOfferService(async (run) => {
    const { brokerUrl, master, topology } = run;
    const connection = await amqp.connect(brokerUrl, { noDelay: true });
    const channel = await connection.createChannel();
    await channel.assertQueue(BARE_QUEUE, queueOptions(topology.updates));
    const bare = await BareSteps.start({
      confirms: { brokerUrl, queue: BARE_QUEUE, bodies: publishedBodies() },
      posts: { host: '127.0.0.1', port: master.port, requests: acknowledgements(master) },
    });
    const records = statuses.map((status) => recordOf({ type: 'UPDATE', update: { status } }));
    const rounds: Round[] = [];
    for (let n = 0; n < WARM_UP_ROUNDS + ROUNDS; n++) {
      const round = {
        ours: await throughOfferService(run, records),
        confirms: await bare.rate('confirms', CONFIRMS_IN_FLIGHT, UPDATES),
        posts: await bare.rate('posts', POSTS_IN_FLIGHT, UPDATES),
        singleConfirms: await bare.rate('confirms', 1, SINGLE),
        singlePosts: await bare.rate('posts', 1, SINGLE),
      };
      for (const queue of [topology.updates.name, BARE_QUEUE]) await channel.purgeQueue(queue);
      if (n >= WARM_UP_ROUNDS) rounds.push(round);
    }
    bare.stop();
    await connection.close();
    const ourCpu = median(rounds.map(({ ours }) => ours.cpuMicros));
    const bareCpu = median(rounds.map(({ confirms, posts }) => confirms.cpuMicros + posts.cpuMicros));
    return [
      against('updates', rounds, ({ confirms, posts }) => [confirms, posts], `${CONFIRMS_IN_FLIGHT} or ${POSTS_IN_FLIGHT} in flight`),
      against('updates, one by one', rounds, ({ singleConfirms, singlePosts }) => [singleConfirms, singlePosts], 'one by one'),
      {
        name: 'updates, CPU',
        value: rounded(1e6 / ourCpu),
        unit: "updates per second of offer-service's CPU time",
        against: `${rounded(1e6 / bareCpu)} of both bare steps (${rounded(bareCpu)} µs for ours ${rounded(ourCpu)} µs)`,
        ratio: rounded(bareCpu / ourCpu),
      },
    ];
  });
