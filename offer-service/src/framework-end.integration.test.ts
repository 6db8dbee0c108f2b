import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { describe, expect, inject, it } from 'vitest';
import { taskOf } from './testing/allocation-on-the-wire.js';
import { ClusterOfWorld } from './testing/cluster-of-world.js';
import { OfferWorld, updateEvent, UUID } from './testing/offer-world.js';

const LONG = 'sleep 1000';

describe('the framework and its tasks', () => {
  const world = OfferWorld.forEachTest();
  const clusters = ClusterOfWorld.forEachTest();

  const flow = async (master: string) => {
    const process = await world.start({ MESOS_MASTER: master });
    await process.untilReady('leader');
    await world.allocationLeads();
    await world.allocation.desire(true);
    return process;
  };

  const launch = async (taskId: string) => {
    const { allocation } = world;
    const offer = await allocation.offer();
    await allocation.launch(offer, taskOf(offer, taskId, LONG));
    await allocation.untilState(taskId, 'TASK_RUNNING');
    return offer;
  };

  it('SIGTERM ends the subscription and no task: a redeployment tears nothing down (elasticsearch#530, kafka#32)', async () => {
    const cluster = await clusters.start({ agents: 1 });
    const first = await flow(cluster.address);
    const offer = await launch('t1');
    const before = await clusters.framework(world.frameworkName);
    await first.stop();
    const left = await until('the master sees it gone', 10_000, async () => {
      const framework = await clusters.framework(world.frameworkName);
      return framework?.connected === false ? framework : undefined;
    });
    expect(left).toMatchObject({ id: before?.id, tasks: [{ id: 't1', state: 'TASK_RUNNING' }] });

    const second = await world.start({ MESOS_MASTER: cluster.address });
    await second.untilReady('leader');
    await world.allocation.hello();
    const seen = world.allocation.updates.length;
    await world.allocation.call({ reconcile: { tasks: [{ task_id: 't1', agent_id: offer.agent_id.value }] } });
    const update = await until('the answer', 10_000, () => world.allocation.updates[seen], 20);
    expect(update.status).toMatchObject({ task_id: { value: 't1' }, state: 'TASK_RUNNING' });
    expect((await clusters.framework(world.frameworkName))?.id).toBe(before?.id);
  });

  it('a framework removed from outside (POST /teardown) goes on under a new id, and allocation-service learns that all earlier tasks are gone', async () => {
    const cluster = await clusters.start({ agents: 1 });
    const process = await flow(cluster.address);
    await launch('t1');
    const removed = (await clusters.framework(world.frameworkName))?.id ?? '';
    expect(removed).toBe(world.allocation.subscribed.at(-1)?.framework_id);
    const answer = await fetch(`${cluster.url}/master/teardown`, { method: 'POST', body: `frameworkId=${removed}` });
    expect(answer.status).toBe(200);
    const subscribed = await until(
      'the new id is announced',
      30_000,
      () => world.allocation.subscribed.find(({ framework_id: id }) => id !== removed),
      20,
    );
    expect(await world.storedFrameworkId()).toBe(subscribed.framework_id);
    await process.untilReady('leader');
    expect(await clusters.framework(world.frameworkName)).toMatchObject({ id: subscribed.framework_id, tasks: [] });
    expect(await process.metric('offer_service_resubscriptions_total')).toBe(1);
    // and it works
    const isNew = ({ framework_id: id }: { readonly framework_id: { readonly value: string } }) => id.value === subscribed.framework_id;
    await until('an offer to the new framework', 10_000, () => world.allocation.offers.some(isNew), 20);
  });

  it('nothing of a subscription is published before its framework id is stored: a crash between leaves no task of an unknown id', async () => {
    const keeper = await TcpProxy.start(inject('zookeeper'));
    try {
      world.mesos.holdsSubscribed = true;
      const first = await world.start({ ZOOKEEPER: keeper.address });
      await world.mesos.untilSubscribed();
      keeper.lose('requests');
      world.mesos.subscribed();
      world.mesos.send(updateEvent('t1', UUID));
      // more than pings: the id is on its way
      await until('the id gets lost', 10_000, () => keeper.lost > 100, 5);
      await first.kill();
      expect(await world.storedFrameworkId()).toBeUndefined();
      expect([world.allocation.subscribed, world.allocation.updates, world.mesos.ofType('ACKNOWLEDGE')]).toEqual([[], [], []]);

      world.mesos.holdsSubscribed = false;
      world.mesos.nextFrameworkId = 'framework-2';
      const second = await world.start();
      await second.untilReady('leader');
      expect(world.mesos.subscribes.at(-1)).not.toHaveProperty('framework_id');
      await until('the subscription is announced', 10_000, () => world.allocation.subscribed.length > 0, 20);
      expect(world.allocation.subscribed.map(({ framework_id: id }) => id)).toEqual(['framework-2']);
      expect(await world.storedFrameworkId()).toBe('framework-2');
    } finally {
      await keeper.close();
    }
  });

  it('an id that was stored is kept over a crash before anything of it was published', async () => {
    world.broker.down();
    const first = await world.start();
    await until('the id is stored', 20_000, () => world.storedFrameworkId(), 5);
    await first.kill();
    world.broker.up();
    const second = await world.start();
    await second.untilReady('leader');
    expect(world.mesos.subscribes.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
  });
});
