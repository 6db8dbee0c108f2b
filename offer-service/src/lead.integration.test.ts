import { until } from '@streams-on-mesos/local-environment';
import { TcpProxy } from '@streams-on-mesos/local-environment/testing/tcp-proxy';
import { describe, expect, inject, it } from 'vitest';
import { OfferWorld } from './testing/offer-world.js';

describe('a leader of offer-service', () => {
  const world = OfferWorld.forEachTest();

  it('subscribes again after a cut, with a new number and the wanted roles', async () => {
    const process = await world.startFlowing();
    const before = world.allocation.subscription;
    world.mesos.cut();
    await world.mesos.untilSubscribed(2);
    expect(world.mesos.subscribes[1]).toMatchObject({ framework_id: { value: 'framework-1' } });
    expect(world.mesos.subscribes[1]?.subscribe?.suppressed_roles ?? []).toEqual([]);
    await until('the new subscription is announced', 5_000, () => world.allocation.subscription.counter === before.counter + 1, 20);
    expect(world.allocation.unsubscribed).toEqual([before]);
    await process.untilReady('leader');
  });

  it('notices a dead stream by its missing heartbeats, and subscribes again (mesos-go#277, pymesos#61)', async () => {
    world.mesos.heartbeatSeconds = 0.2;
    const process = await world.start();
    await world.mesos.untilSubscribed(2);
    expect(world.mesos.subscribes[1]?.framework_id).toEqual({ value: 'framework-1' });
    await until(
      'it is counted',
      5_000,
      async () => (await process.metric('offer_service_resubscriptions_total', 'cause="heartbeats-missed"')) >= 1,
      20,
    );
  });

  it('subscribes with its roles, and suppresses and revives each by itself', async () => {
    const process = await world.start({ MESOS_ROLE: 'a, b' });
    await process.untilReady('leader');
    expect(world.mesos.subscribes[0]?.subscribe).toMatchObject({ framework_info: { roles: ['a', 'b'] }, suppressed_roles: ['a', 'b'] });
    await world.allocationLeads();
    const told = (count: number) =>
      until(
        `${count} directives`,
        5_000,
        () => {
          const calls = world.mesos.calls.map(({ type, revive, suppress }) => [type, ...((revive ?? suppress)?.roles ?? [])]);
          return calls.length >= count ? calls : undefined;
        },
        20,
      );
    await world.allocation.desireRoles({ role: 'a', wanted: true }, { role: 'b', wanted: false });
    expect(await told(1)).toEqual([['REVIVE', 'a']]);
    await world.allocation.desireRoles({ role: 'a', wanted: false }, { role: 'b', wanted: true });
    expect(await told(3)).toEqual([
      ['REVIVE', 'a'],
      ['SUPPRESS', 'a'],
      ['REVIVE', 'b'],
    ]);
    world.mesos.cut();
    await world.mesos.untilSubscribed(2);
    expect(world.mesos.subscribes[1]?.subscribe?.suppressed_roles).toEqual(['a']);
  });

  it('says what agents must have in a complete UPDATE_FRAMEWORK, and again with each SUBSCRIBE', async () => {
    await world.startFlowing();
    const minimum = { quantities: [{ quantities: { cpus: { value: 2 } } }] };
    const constraints = { groups: [{ attribute_constraints: [{ selector: { attribute_name: 'gpu' }, predicate: { exists: {} } }] }] };
    await world.allocation.desire(true, { min_allocatable: minimum, constraints });
    const told = await until('UPDATE_FRAMEWORK', 5_000, () => world.mesos.ofType('UPDATE_FRAMEWORK')[0], 20);
    const { framework_info: first } = world.mesos.subscribes[0]?.subscribe ?? {};
    const complete = {
      framework_info: { ...first, id: { value: 'framework-1' }, offer_filters: { '*': { min_allocatable_resources: minimum } } },
      offer_constraints: { role_constraints: { '*': constraints } },
    };
    expect(told.update_framework).toEqual(complete);
    world.mesos.cut();
    await world.mesos.untilSubscribed(2);
    expect(world.mesos.subscribes[1]?.subscribe).toEqual(complete);
    await world.allocation.desire(true);
    await until('it is taken back', 5_000, () => world.mesos.ofType('UPDATE_FRAMEWORK')[1], 20);
    expect(world.mesos.ofType('UPDATE_FRAMEWORK')[1]?.update_framework).toEqual({
      framework_info: { ...first, id: { value: 'framework-1' } },
    });
  });

  it('keeps the framework id over kill -9, and a call that was in hand is UNKNOWN to the next leader', async () => {
    const first = await world.startFlowing();
    const { subscription } = world.allocation;
    world.mesos.answersCalls = false;
    const pending = world.allocation.call({ kill: { task_id: 't1' } });
    await until('KILL is on its way', 5_000, () => world.mesos.ofType('KILL').length > 0, 20);
    await first.kill();
    world.mesos.answersCalls = true;
    const second = await world.start();
    await second.untilReady('leader');
    expect(world.mesos.subscribes.at(-1)).toMatchObject({ framework_id: { value: 'framework-1' } });
    expect(await pending).toMatchObject({ result: 'UNKNOWN' });
    expect(world.mesos.ofType('KILL')).toHaveLength(1);
    await until('the new subscription is announced', 5_000, () => world.allocation.subscription.term > subscription.term, 20);
    await world.allocation.hello();
  });

  it('leaves the tasks alone on SIGTERM: the stream ends, nothing is torn down, the next one takes over at once (elasticsearch#530)', async () => {
    const first = await world.startFlowing();
    const standby = await world.start();
    expect(await standby.untilReady('standby')).toMatchObject({ role: 'standby' });
    const redirected = await fetch(`${standby.url}/api/v1/state`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([307, `${first.url}/api/v1/state`]);
    const { subscription } = world.allocation;
    await first.stop();
    expect(world.mesos.closedStreams).toBe(1);
    expect(world.mesos.ofType('TEARDOWN')).toEqual([]);
    await until('the end is announced', 5_000, () => world.allocation.unsubscribed.length > 0, 20);
    expect(world.allocation.unsubscribed).toEqual([subscription]);
    await standby.untilReady('leader');
    expect(world.mesos.subscribes.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
  });

  it('ends the subscription when it may no longer lead, and comes back under the same id in a later term', async () => {
    const keeper = await TcpProxy.start(inject('zookeeper'));
    try {
      const process = await world.startFlowing({ ZOOKEEPER: keeper.address });
      const { subscription } = world.allocation;
      keeper.down();
      await until('the stream ends', 10_000, () => world.mesos.closedStreams === 1, 20);
      expect(await process.readiness()).toMatchObject({ status: 503, reasons: expect.arrayContaining(['ZooKeeper is not connected']) });
      keeper.up();
      await process.untilReady('leader');
      expect(world.mesos.subscribes.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
      await until('a later term', 5_000, () => world.allocation.subscription.term > subscription.term, 20);
    } finally {
      await keeper.close();
    }
  });

  it('stops on SIGTERM with everything away', async () => {
    const keeper = await TcpProxy.start(inject('zookeeper'));
    const process = await world.start({ ZOOKEEPER: keeper.address });
    await process.untilReady('leader');
    keeper.down();
    world.broker.down();
    await until('the stream ends', 10_000, () => world.mesos.closedStreams === 1, 20);
    const startedAt = performance.now();
    await process.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await keeper.close();
  });

  it('stops on SIGTERM in the middle of a subscription, and while its id cannot be stored', async () => {
    const keeper = await TcpProxy.start(inject('zookeeper'));
    const stop = async (process: Awaited<ReturnType<typeof world.start>>) => {
      const startedAt = performance.now();
      await process.stop();
      return performance.now() - startedAt;
    };
    world.mesos.holdsSubscribed = true;
    const first = await world.start();
    await world.mesos.untilSubscribed();
    expect(await stop(first)).toBeLessThan(5_000);
    const second = await world.start({ ZOOKEEPER: keeper.address, ZOOKEEPER_SESSION_TIMEOUT_SECS: '20' });
    await world.mesos.untilSubscribed(2);
    keeper.lose('requests');
    world.mesos.subscribed();
    // more than pings: the id is on its way
    await until('the id gets lost', 10_000, () => keeper.lost > 100, 5);
    expect(await stop(second)).toBeLessThan(5_000);
    expect([world.mesos.ofType('TEARDOWN'), world.allocation.subscribed]).toEqual([[], []]);
    await keeper.close();
  });

  it('stands down when another instance has taken the framework over (docs/scheduler-http-api.md, one subscription)', async () => {
    const process = await world.startFlowing();
    world.mesos.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
    const answer = await until('it says so', 10_000, async () => {
      const readiness = await process.readiness();
      return readiness.reasons?.some((reason) => reason.includes('taken over')) === true ? readiness : undefined;
    });
    expect(answer).toMatchObject({ status: 503, role: 'leader' });
    expect(world.mesos.subscribes).toHaveLength(1);
  });

  it('goes on under a new id when the framework was removed, and allocation-service is told: no stored id has to be deleted by hand (kubernetes-mesos#167)', async () => {
    const process = await world.startFlowing();
    world.mesos.refusal = 'Framework has been removed';
    world.mesos.nextFrameworkId = 'framework-2';
    world.mesos.cut();
    await until('the new id is announced', 20_000, () => world.allocation.subscribed.at(-1)?.framework_id === 'framework-2', 20);
    expect(await world.storedFrameworkId()).toBe('framework-2');
    await process.untilReady('leader');
  });

  it('stays away from a removed framework when told to, and says what to do', async () => {
    const process = await world.startFlowing({ ON_FRAMEWORK_REMOVED: 'stop' });
    world.mesos.refusal = 'Framework has been removed';
    world.mesos.cut();
    const answer = await until('it says so', 20_000, async () => {
      const readiness = await process.readiness();
      return readiness.reasons?.some((reason) => reason.includes('ON_FRAMEWORK_REMOVED=forget')) === true ? readiness : undefined;
    });
    expect(answer.status).toBe(503);
    expect(await world.storedFrameworkId()).toBe('framework-1');
  });
});
