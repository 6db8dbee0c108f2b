import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, type LocalCluster } from '@streams-on-mesos/local-cluster';
import { until } from '@streams-on-mesos/local-environment';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { taskOf } from './testing/allocation-on-the-wire.js';
import { OfferWorld } from './testing/offer-world.js';

// The same process between an allocation-service that is played and a local cluster that really runs tasks.

const LONG = 'sleep 1000';

describe.each([
  { encoding: 'protobuf', detection: 'ZooKeeper' },
  { encoding: 'json', detection: 'host:port' },
])('offer-service on a local cluster, in $encoding, master found by $detection', ({ encoding, detection }) => {
  const world = OfferWorld.forEachTest();
  let workDir: string;
  let cluster: LocalCluster;
  let env: Record<string, string>;

  beforeEach(async () => {
    workDir = mkdtempSync(join(tmpdir(), 'offer-service-cluster-'));
    const zk = detection === 'ZooKeeper' ? `zk://${inject('zookeeper')}/mesos-of-${world.frameworkName}` : undefined;
    cluster = await startLocalCluster({ agents: 2, workDir, zk, retryIntervals: { minMs: 1_000, maxMs: 2_000 } });
    env = { MESOS_MASTER: zk ?? cluster.address, MESOS_ENCODING: encoding };
  });

  afterEach(async () => {
    await cluster.stop();
    rmSync(workDir, { recursive: true, force: true });
  });

  const flow = async () => {
    const process = await world.start(env);
    await process.untilReady('leader');
    await world.allocationLeads();
    expect(world.allocation.offers).toEqual([]);
    await world.allocation.desire(true);
    return process;
  };

  it('launches, reports, kills, and keeps framework and tasks over kill -9', async () => {
    const { allocation } = world;
    const first = await flow();
    const offer = await allocation.offer();
    expect(await allocation.launch(offer, taskOf(offer, 't1', LONG))).toMatchObject({ result: 'SENT' });
    const running = await allocation.untilState('t1', 'TASK_RUNNING');
    expect(running.status.uuid).not.toBeUndefined();
    // TASK_STARTING and TASK_RUNNING: the agent sends the second only after the acknowledgement of the first
    await until(
      'it is acknowledged',
      5_000,
      async () => (await first.metric('offer_service_mesos_calls_total', 'kind="acknowledge"')) >= 2,
    );
    const frameworkId = allocation.subscribed.at(-1)?.framework_id;

    await first.kill();
    const second = await world.start(env);
    await second.untilReady('leader');
    await until('the takeover is announced', 10_000, () => allocation.subscription.term > running.subscription.term, 20);
    expect(allocation.subscribed.at(-1)?.framework_id).toBe(frameworkId);
    await allocation.hello();

    const seen = allocation.updates.length;
    expect(await allocation.call({ reconcile: { tasks: [{ task_id: 't1', agent_id: offer.agent_id.value }] } })).toMatchObject({
      result: 'SENT',
    });
    const reconciled = await until(
      'the answer',
      10_000,
      () => allocation.updates.slice(seen).find(({ status }) => status.task_id.value === 't1'),
      20,
    );
    expect(reconciled.status).toMatchObject({ state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' });
    expect(reconciled.subscription).toEqual(allocation.subscription);

    expect(await allocation.call({ kill: { task_id: 't1', agent_id: offer.agent_id.value, grace_seconds: 1 } })).toMatchObject({
      result: 'SENT',
    });
    await allocation.untilState('t1', 'TASK_KILLED');
    expect(allocation.statesOf('t1').filter((state) => state === 'TASK_STARTING')).toHaveLength(1);
  });

  it('delivers what happened while the broker was away, once it is back, and stays subscribed', async () => {
    const { allocation } = world;
    const process = await flow();
    const offer = await allocation.offer();
    await allocation.launch(offer, taskOf(offer, 't1', 'sleep 2; exit 3'));
    await allocation.untilState('t1', 'TASK_RUNNING');
    world.broker.down();
    await until('the end of the task has arrived', 15_000, async () => (await process.state()).updates.held > 0);
    expect((await process.state()).roles).toMatchObject([{ role: '*', wanted: false, told: 'suppressed' }]);
    expect(allocation.statesOf('t1')).not.toContain('TASK_FAILED');
    world.broker.up();
    await allocation.untilState('t1', 'TASK_FAILED');
    await until('offers flow again', 10_000, async () => (await process.state()).offers.length > 0);
    expect(allocation.subscription.counter).toBe(1);
  });

  it('leaves the offers to others when nobody wants them', async () => {
    const { allocation } = world;
    env['OFFER_HOLD_SECS'] = '1';
    await flow();
    await allocation.offer();
    await allocation.desire(false);
    await until('Mesos has all offers back', 10_000, async () => {
      const response = await fetch(`${cluster.url}/master/state`);
      const { frameworks } = (await response.json()) as { frameworks: { name: string; offers: unknown[] }[] };
      return frameworks.find(({ name }) => name === world.frameworkName)?.offers.length === 0;
    });
  });
});
