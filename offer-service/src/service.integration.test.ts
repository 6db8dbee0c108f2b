import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@streams-on-mesos/local-environment';
import type { Event } from '@streams-on-mesos/mesos';
import { topologyOf, type Topology } from '@streams-on-mesos/messages';
import { AmqpConnection, createLogger, frameworkPaths, ZooKeeperConnection } from '@streams-on-mesos/service';
import { connect as connectBroker } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { AllocationOnTheWire } from './testing/allocation-on-the-wire.js';
import { offerOf, statusOf } from './testing/driver-harness.js';
import { MesosOnTheWire } from './testing/mesos-on-the-wire.js';
import { bundleService, OfferProcess } from './testing/offer-process.js';
import { startTcpProxy, type TcpProxy } from './testing/tcp-proxy.js';

// offer-service as a process, with a real RabbitMQ and a real ZooKeeper, between an allocation-service and a Mesos whose
// every move is the test's.

const logger = createLogger('test', 'silent');
const UUID = 'AAAAAAAAAAAAAAAAAAAAAA==';

const offersEvent = (...ids: string[]): Event => ({ type: 'OFFERS', offers: { offers: ids.map((id) => offerOf(id)) } });
const updateEvent = (taskId: string, uuid?: string): Event => ({
  type: 'UPDATE',
  update: { status: statusOf(taskId, 'TASK_RUNNING', uuid) },
});

describe('offer-service', () => {
  let directory: string;
  let bundle: string;
  let frameworkName: string;
  let topology: Topology;
  let mesos: MesosOnTheWire;
  let broker: TcpProxy;
  let end: AbortController;
  let amqp: AmqpConnection;
  let zookeeper: ZooKeeperConnection;
  let allocation: AllocationOnTheWire;
  const processes: OfferProcess[] = [];

  const start = async (env: Record<string, string> = {}): Promise<OfferProcess> => {
    const process = await OfferProcess.start(bundle, {
      FRAMEWORK_NAME: frameworkName,
      MESOS_MASTER: mesos.master,
      MESOS_ENCODING: 'json',
      ZOOKEEPER: inject('zookeeper'),
      RABBITMQ_URL: `amqp://${broker.address}`,
      ...env,
    });
    processes.push(process);
    return process;
  };

  /** A leader that is subscribed, with an allocation-service that wants offers. */
  const startFlowing = async (env: Record<string, string> = {}): Promise<OfferProcess> => {
    const process = await start(env);
    await process.untilReady('leader');
    await allocation.lead(zookeeper, frameworkName, logger);
    await allocation.desire(true);
    await until('offers are wanted', 10_000, () => mesos.ofType('REVIVE').length > 0, 20);
    return process;
  };

  const storedFrameworkId = async (): Promise<string | undefined> =>
    (await zookeeper.session.get(frameworkPaths(frameworkName).frameworkId))?.data.toString('utf8');

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'offer-service-'));
    bundle = await bundleService(directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  beforeEach(async () => {
    frameworkName = `offer-${randomUUID()}`;
    topology = topologyOf(frameworkName);
    end = new AbortController();
    mesos = await MesosOnTheWire.start();
    broker = await startTcpProxy(new URL(inject('rabbitmqUrl')).host);
    amqp = AmqpConnection.connect({ url: inject('rabbitmqUrl'), topology, logger, signal: end.signal });
    zookeeper = await ZooKeeperConnection.connect(inject('zookeeper'), { logger, signal: end.signal });
    await amqp.whenConnected();
    allocation = new AllocationOnTheWire(amqp, topology);
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.stop()));
    allocation.end();
    await amqp.close();
    end.abort();
    await mesos.close();
    await broker.close();
  });

  it('subscribes suppressed, keeps the framework id, answers hello, and asks for offers once somebody wants them', async () => {
    const process = await start();
    await process.untilReady('leader');
    const { framework_info: info, suppressed_roles: suppressed } = mesos.subscribes[0]?.subscribe ?? {};
    expect(info).toMatchObject({ name: frameworkName, roles: ['*'], checkpoint: true, failover_timeout: 604_800 });
    expect(info?.user).not.toBe('');
    expect(info?.capabilities?.map(({ type }) => type)).toEqual([
      'MULTI_ROLE',
      'PARTITION_AWARE',
      'TASK_KILLING_STATE',
      'RESERVATION_REFINEMENT',
    ]);
    expect(suppressed).toEqual(['*']);
    expect(await storedFrameworkId()).toBe('framework-1');

    await allocation.lead(zookeeper, frameworkName, logger);
    expect(allocation.subscribed.at(-1)).toMatchObject({ framework_id: 'framework-1', answers_term: allocation.term });
    expect(mesos.ofType('REVIVE')).toEqual([]);
    await allocation.desire(true);
    await until('REVIVE', 5_000, () => mesos.ofType('REVIVE')[0], 20);
    mesos.send(offersEvent('o1'));
    expect((await allocation.offer()).id.value).toBe('o1');
    expect(await process.state()).toMatchObject({
      frameworkId: 'framework-1',
      subscription: allocation.subscription,
      allocationTerm: allocation.term,
      roles: [{ role: '*', wanted: true, told: 'wanted' }],
      offers: [{ id: 'o1', agentId: 'agent-1', role: '*' }],
    });
    expect(await process.metric('offer_service_offers_received_total')).toBe(1);
  });

  it('sends calls in order, answers them, and does not let a stale one through', async () => {
    await startFlowing();
    mesos.send(offersEvent('o1', 'o2'));
    await allocation.offer(1);
    expect(await allocation.call({ accept: { offer_ids: ['o1'], operations: [] } })).toMatchObject({ result: 'SENT' });
    expect(await allocation.call({ accept: { offer_ids: ['o1'], operations: [] } })).toMatchObject({ result: 'NOT_SENT' });
    expect(await allocation.call({ kill: { task_id: 't1', agent_id: 'agent-1' } })).toMatchObject({ result: 'SENT' });
    expect(
      await allocation.call(
        { accept: { offer_ids: ['o2'], operations: [] } },
        { subscription: { term: allocation.subscription.term + 9, counter: 1 } },
      ),
    ).toMatchObject({ result: 'UNKNOWN' });
    expect(mesos.calls.map(({ type }) => type).filter((type) => type === 'ACCEPT' || type === 'KILL')).toEqual(['ACCEPT', 'KILL']);
    expect(mesos.calls.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
  });

  it('declines an offer that nobody answers in time, and says so', async () => {
    const process = await startFlowing({ OFFER_HOLD_SECS: '0.5' });
    mesos.send(offersEvent('o1'));
    await until('the offer is declined', 5_000, () => mesos.ofType('DECLINE')[0], 20);
    expect(mesos.ofType('DECLINE')[0]?.decline?.offer_ids).toEqual([{ value: 'o1' }]);
    await until('the taker is told', 5_000, () => allocation.rescinded.includes('o1'), 20);
    expect(await process.metric('offer_service_offer_age_seconds_count', 'how="expired"')).toBe(1);
    expect(await process.metric('offer_service_offers_outstanding')).toBe(0);
  });

  it('acknowledges an update only after the broker has confirmed it, and reads on while the broker is away', async () => {
    const process = await startFlowing();
    mesos.send(updateEvent('t1', UUID));
    await allocation.untilState('t1', 'TASK_RUNNING');
    const [first] = await until(
      'ACKNOWLEDGE',
      5_000,
      () => (mesos.ofType('ACKNOWLEDGE').length > 0 ? mesos.ofType('ACKNOWLEDGE') : undefined),
      20,
    );
    expect(first?.acknowledge).toEqual({ agent_id: { value: 'agent-1' }, task_id: { value: 't1' }, uuid: UUID });

    broker.down();
    await until('it suppresses', 10_000, () => mesos.ofType('SUPPRESS').length > 0, 20);
    expect((await process.readiness()).status).toBe(503);
    mesos.send(updateEvent('t2', UUID), offersEvent('o9'));
    // the stream is read in order, so once the offer is declined the update has been seen
    await until('the offer is declined', 5_000, () => mesos.ofType('DECLINE').length > 0, 20);
    expect((await process.state()).updates).toEqual({ held: 1, inFlight: 0 });
    expect(mesos.ofType('ACKNOWLEDGE')).toHaveLength(1);

    broker.up();
    await allocation.untilState('t2', 'TASK_RUNNING');
    await until('ACKNOWLEDGE', 5_000, () => mesos.ofType('ACKNOWLEDGE').length === 2, 20);
    await until('offers are asked for again', 5_000, () => mesos.ofType('REVIVE').length === 2, 20);
    expect(mesos.subscribes).toHaveLength(1);
  });

  it('acknowledges no update that no queue took', async () => {
    const process = await startFlowing();
    // allocation-service's queue is deleted under its feet: the broker confirms what it returns
    const admin = await connectBroker(inject('rabbitmqUrl'));
    const channel = await admin.createChannel();
    await channel.deleteQueue(topology.updates.name);
    mesos.send(updateEvent('t1', UUID));
    await until('the update is returned', 10_000, async () => (await process.state()).updates.held === 1);
    await process.stop();
    expect(mesos.ofType('ACKNOWLEDGE')).toEqual([]);
    await admin.close();
  });

  it('subscribes again after a cut, with a new number and the wanted roles', async () => {
    const process = await startFlowing();
    const before = allocation.subscription;
    mesos.cut();
    await mesos.untilSubscribed(2);
    expect(mesos.subscribes[1]).toMatchObject({ framework_id: { value: 'framework-1' } });
    expect(mesos.subscribes[1]?.subscribe?.suppressed_roles ?? []).toEqual([]);
    await until('the new subscription is announced', 5_000, () => allocation.subscription.counter === before.counter + 1, 20);
    expect(allocation.unsubscribed).toEqual([before]);
    await process.untilReady('leader');
  });

  it('keeps the framework id over kill -9, and a call that was in hand is UNKNOWN to the next leader', async () => {
    const first = await startFlowing();
    const { subscription } = allocation;
    mesos.answersCalls = false;
    const pending = allocation.call({ kill: { task_id: 't1' } });
    await until('KILL is on its way', 5_000, () => mesos.ofType('KILL').length > 0, 20);
    await first.kill();
    mesos.answersCalls = true;
    const second = await start();
    await second.untilReady('leader');
    expect(mesos.subscribes.at(-1)).toMatchObject({ framework_id: { value: 'framework-1' } });
    expect(await pending).toMatchObject({ result: 'UNKNOWN' });
    expect(mesos.ofType('KILL')).toHaveLength(1);
    await until('the new subscription is announced', 5_000, () => allocation.subscription.term > subscription.term, 20);
    await allocation.hello();
  });

  it('leaves the tasks alone on SIGTERM: the stream ends, nothing is torn down, the next one takes over at once', async () => {
    const first = await startFlowing();
    const standby = await start();
    expect(await standby.untilReady('standby')).toMatchObject({ role: 'standby' });
    const redirected = await fetch(`${standby.url}/api/v1/state`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([307, `${first.url}/api/v1/state`]);
    const { subscription } = allocation;
    await first.stop();
    expect(mesos.closedStreams).toBe(1);
    expect(mesos.ofType('TEARDOWN')).toEqual([]);
    await until('the end is announced', 5_000, () => allocation.unsubscribed.length > 0, 20);
    expect(allocation.unsubscribed).toEqual([subscription]);
    await standby.untilReady('leader');
    expect(mesos.subscribes.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
  });

  it('ends the subscription when it may no longer lead, and comes back under the same id in a later term', async () => {
    const keeper = await startTcpProxy(inject('zookeeper'));
    try {
      const process = await startFlowing({ ZOOKEEPER: keeper.address });
      const { subscription } = allocation;
      keeper.down();
      await until('the stream ends', 10_000, () => mesos.closedStreams === 1, 20);
      expect(await process.readiness()).toMatchObject({ status: 503, reasons: expect.arrayContaining(['ZooKeeper is not connected']) });
      keeper.up();
      await process.untilReady('leader');
      expect(mesos.subscribes.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
      await until('a later term', 5_000, () => allocation.subscription.term > subscription.term, 20);
    } finally {
      await keeper.close();
    }
  });

  it('stops on SIGTERM with everything away', async () => {
    const keeper = await startTcpProxy(inject('zookeeper'));
    const process = await start({ ZOOKEEPER: keeper.address });
    await process.untilReady('leader');
    keeper.down();
    broker.down();
    await until('the stream ends', 10_000, () => mesos.closedStreams === 1, 20);
    const startedAt = performance.now();
    await process.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await keeper.close();
  });

  it('stands down when another instance has taken the framework over (docs/scheduler-http-api.md, one subscription)', async () => {
    const process = await startFlowing();
    mesos.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
    const answer = await until('it says so', 10_000, async () => {
      const readiness = await process.readiness();
      return readiness.reasons?.some((reason) => reason.includes('taken over')) === true ? readiness : undefined;
    });
    expect(answer).toMatchObject({ status: 503, role: 'leader' });
    expect(mesos.subscribes).toHaveLength(1);
  });

  it('goes on under a new id when the framework was removed, and allocation-service is told (peers: framework removed)', async () => {
    const process = await startFlowing();
    mesos.refusal = 'Framework has been removed';
    mesos.nextFrameworkId = 'framework-2';
    mesos.cut();
    await until('the new id is announced', 20_000, () => allocation.subscribed.at(-1)?.framework_id === 'framework-2', 20);
    expect(await storedFrameworkId()).toBe('framework-2');
    await process.untilReady('leader');
  });

  it('stays away from a removed framework when told to, and says what to do', async () => {
    const process = await startFlowing({ ON_FRAMEWORK_REMOVED: 'stop' });
    mesos.refusal = 'Framework has been removed';
    mesos.cut();
    const answer = await until('it says so', 20_000, async () => {
      const readiness = await process.readiness();
      return readiness.reasons?.some((reason) => reason.includes('ON_FRAMEWORK_REMOVED=forget')) === true ? readiness : undefined;
    });
    expect(answer.status).toBe(503);
    expect(await storedFrameworkId()).toBe('framework-1');
  });
});
