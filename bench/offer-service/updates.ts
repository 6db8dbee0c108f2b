import { randomBytes } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { acknowledge, codecOf, type TaskStatus } from '@streams-on-mesos/mesos';
import { encodeEnvelope, queueOptions, type Topology } from '@streams-on-mesos/messages';
import amqp from 'amqplib';
import { rounded, type Bench, type Figure } from '../figure.js';
import { BareMaster } from './bare-master.js';
import { recordOf, withOfferService } from './offer-service-run.js';

const UPDATES = 10_000;
const ROUNDS = 3;
/** As many as agents would have unacknowledged: enough to keep all parts busy. */
const UNACKNOWLEDGED = 2_000;
/** Of what is done one after the other, which takes longer. */
const SINGLE = 2_000;
/** What offer-service has in flight at most (driver-settings.ts), and its connection for calls (packages/mesos). */
const CONFIRMS_IN_FLIGHT = 256;
const POSTS_IN_FLIGHT = 32;

const statusOf = (n: number): TaskStatus => ({
  task_id: { value: `dc_resource_${n}_1` },
  agent_id: { value: '2efd329e-8cf3-4e8c-b124-b68caf132cb5-S0' },
  executor_id: { value: `dc_resource_${n}_1` },
  state: 'TASK_RUNNING',
  source: 'SOURCE_EXECUTOR',
  timestamp: 1_700_000_000 + n,
  uuid: randomBytes(16).toString('base64'),
});

const perSecond = (count: number, began: number): number => count / ((performance.now() - began) / 1_000);

/** From the stream to the acknowledgement, through the broker. */
const throughOfferService = async (master: BareMaster): Promise<number> => {
  const records = Array.from({ length: UPDATES }, (_, n) => recordOf({ type: 'UPDATE', update: { status: statusOf(n) } }));
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
  return perSecond(UPDATES, began);
};

/** Keeps `inFlight` of something going until `count` are done; `begin` calls back when one is. */
const keepGoing = (inFlight: number, count: number, begin: (n: number, done: () => void) => void): Promise<number> =>
  new Promise((resolve) => {
    const began = performance.now();
    let started = 0;
    let finished = 0;
    const next = () => {
      if (started >= count) return;
      const n = started++;
      begin(n, () => {
        if (++finished === count) resolve(perSecond(count, began));
        else next();
      });
    };
    for (let n = 0; n < inFlight; n++) next();
  });

interface Rates {
  /** Each begun when the one before is answered. */
  readonly single: number;
  readonly pipelined: number;
}

/** Bare amqplib: the same messages on the same kind of queue, persistent and mandatory, each confirmed by itself. */
const bareConfirms = async (url: string, topology: Topology): Promise<Rates> => {
  const connection = await amqp.connect(url, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const queue = 'bench.bare-updates';
  await channel.assertQueue(queue, queueOptions(topology.updates));
  const bodies = Array.from({ length: UPDATES }, (_, n) =>
    encodeEnvelope({
      id: `${n}`,
      sent_at_ms: n,
      trace_id: `${n}`,
      update: { subscription: { term: 1, counter: 1 }, sequence: n, status: statusOf(n) },
    }),
  );
  const publish = (n: number, done: () => void) =>
    void channel.publish('', queue, bodies[n]!, { persistent: true, mandatory: true }, () => done());
  const rates = { single: await keepGoing(1, SINGLE, publish), pipelined: await keepGoing(CONFIRMS_IN_FLIGHT, UPDATES, publish) };
  await channel.deleteQueue(queue);
  await connection.close();
  return rates;
};

/** ACKNOWLEDGE posts made beforehand, over one connection with as many unanswered as offer-service has. */
const barePosts = async (): Promise<Rates> => {
  const master = await BareMaster.start();
  const socket = connectSocket({ host: '127.0.0.1', port: Number(master.address.split(':')[1]), noDelay: true });
  const posts = Array.from({ length: UPDATES }, (_, n) => {
    const body = codecOf('protobuf').encodeCall({ ...acknowledge(statusOf(n)), framework_id: { value: 'framework-1' } });
    const head = `POST /api/v1/scheduler HTTP/1.1\r\nHost: ${master.address}\r\nContent-Type: application/x-protobuf\r\nMesos-Stream-Id: 1\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  const waiting: (() => void)[] = [];
  let rest = '';
  socket.on('data', (data) => {
    const answers = (rest + data.toString('latin1')).split('\r\n\r\n');
    rest = answers.pop() ?? '';
    for (const done of waiting.splice(0, answers.length)) done();
  });
  const post = (n: number, done: () => void) => {
    waiting.push(done);
    socket.write(posts[n]!);
  };
  const rates = { single: await keepGoing(1, SINGLE, post), pipelined: await keepGoing(POSTS_IN_FLIGHT, UPDATES, post) };
  socket.destroy();
  master.close();
  return rates;
};

const faster = (a: Rates, b: Rates): Rates => ({ single: Math.max(a.single, b.single), pipelined: Math.max(a.pipelined, b.pipelined) });

/** Status updates a second from the stream to their acknowledgement, against the slower of its two steps done barely. Best of rounds. */
export const updates: Bench = () =>
  withOfferService(async ({ brokerUrl, master, topology }) => {
    await throughOfferService(master);
    let ours = 0;
    let confirms: Rates = { single: 0, pipelined: 0 };
    let posts = confirms;
    for (let round = 0; round < ROUNDS; round++) {
      ours = Math.max(ours, await throughOfferService(master));
      confirms = faster(confirms, await bareConfirms(brokerUrl, topology));
      posts = faster(posts, await barePosts());
    }
    const against = (name: string, how: keyof Rates, inFlight: string): Figure => {
      const slower = Math.min(confirms[how], posts[how]);
      const step = slower === confirms[how] ? 'publishes of bare amqplib, persistent and confirmed' : 'bare ACKNOWLEDGE posts';
      return {
        name,
        value: rounded(ours),
        unit: 'updates/s',
        against: `${rounded(slower)}/s ${step}, ${inFlight}`,
        ratio: rounded(ours / slower),
      };
    };
    return [
      against('updates', 'single', 'one by one'),
      against('updates, pipelined', 'pipelined', `${CONFIRMS_IN_FLIGHT} publishes or ${POSTS_IN_FLIGHT} posts in flight`),
    ];
  });
