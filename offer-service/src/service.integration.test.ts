import { readFileSync } from 'node:fs';
import { until } from '@streams-on-mesos/local-environment';
import { decodeEnvelope } from '@streams-on-mesos/messages';
import { connect as connectBroker } from 'amqplib';
import { describe, expect, inject, it } from 'vitest';
import { offersEvent, OfferWorld, updateEvent, UUID } from './testing/offer-world.js';

describe('offer-service', () => {
  const world = OfferWorld.forEachTest();

  it.each(['protobuf', 'json'])(
    'subscribes suppressed, answers hello, and asks for offers once somebody wants them, in %s',
    async (encoding) => {
      const process = await world.start({ MESOS_ENCODING: encoding });
      await process.untilReady('leader');
      expect(world.mesos.mediaType).toBe(encoding === 'json' ? 'application/json' : 'application/x-protobuf');
      const { framework_info: info, suppressed_roles: suppressed } = world.mesos.subscribes[0]?.subscribe ?? {};
      expect(info).toMatchObject({ name: world.frameworkName, roles: ['*'], checkpoint: true, failover_timeout: 604_800 });
      expect(info?.user).not.toBe('');
      expect(info?.capabilities?.map(({ type }) => type)).toEqual([
        'MULTI_ROLE',
        'PARTITION_AWARE',
        'TASK_KILLING_STATE',
        'RESERVATION_REFINEMENT',
        'GPU_RESOURCES',
      ]);
      expect(suppressed).toEqual(['*']);
      expect(await world.storedFrameworkId()).toBe('framework-1');

      await world.allocationLeads();
      expect(world.allocation.subscribed.at(-1)).toMatchObject({ framework_id: 'framework-1', answers_term: world.allocation.term });
      expect(world.mesos.ofType('REVIVE')).toEqual([]);
      await world.allocation.desire(true);
      await until('REVIVE', 5_000, () => world.mesos.ofType('REVIVE')[0], 20);
      world.mesos.send(offersEvent('o1'));
      expect((await world.allocation.offer()).id.value).toBe('o1');
      expect(await process.state()).toMatchObject({
        framework_id: 'framework-1',
        subscription: world.allocation.subscription,
        allocation_term: world.allocation.term,
        roles: [{ role: '*', wanted: true, told: 'wanted' }],
        offers: [{ id: 'o1', agent_id: 'agent-1', role: '*' }],
      });
      expect(await process.metric('offer_service_offers_received_total')).toBe(1);
    },
  );

  it('sends calls in order, answers them, and does not let a stale one through', async () => {
    await world.startFlowing();
    world.mesos.send(offersEvent('o1', 'o2'));
    await world.allocation.offer(1);
    expect(await world.allocation.call({ accept: { offer_ids: ['o1'], operations: [] } })).toMatchObject({ result: 'SENT' });
    expect(await world.allocation.call({ accept: { offer_ids: ['o1'], operations: [] } })).toMatchObject({ result: 'NOT_SENT' });
    expect(await world.allocation.call({ kill: { task_id: 't1', agent_id: 'agent-1' } })).toMatchObject({ result: 'SENT' });
    expect(
      await world.allocation.call(
        { accept: { offer_ids: ['o2'], operations: [] } },
        { subscription: { term: world.allocation.subscription.term + 9, counter: 1 } },
      ),
    ).toMatchObject({ result: 'UNKNOWN' });
    expect(world.mesos.calls.map(({ type }) => type).filter((type) => type === 'ACCEPT' || type === 'KILL')).toEqual(['ACCEPT', 'KILL']);
    expect(world.mesos.calls.at(-1)?.framework_id).toEqual({ value: 'framework-1' });
  });

  it('declines an offer that nobody answers in time, and says so', async () => {
    const process = await world.startFlowing({ OFFER_HOLD_SECS: '0.5' });
    world.mesos.send(offersEvent('o1'));
    await until('the offer is declined', 5_000, () => world.mesos.ofType('DECLINE')[0], 20);
    expect(world.mesos.ofType('DECLINE')[0]?.decline?.offer_ids).toEqual([{ value: 'o1' }]);
    await until('the taker is told', 5_000, () => world.allocation.rescinded.includes('o1'), 20);
    expect(await process.metric('offer_service_offer_age_seconds_count', 'how="expired"')).toBe(1);
    expect(await process.metric('offer_service_offers_outstanding')).toBe(0);
  });

  it.each(['protobuf', 'json'])(
    'acknowledges an update only once the broker has it, and reads on without the broker, in %s',
    async (encoding) => {
      const process = await world.startFlowing({ MESOS_ENCODING: encoding });
      world.mesos.send(updateEvent('t1', UUID));
      await world.allocation.untilState('t1', 'TASK_RUNNING');
      const [first] = await until(
        'ACKNOWLEDGE',
        5_000,
        () => (world.mesos.ofType('ACKNOWLEDGE').length > 0 ? world.mesos.ofType('ACKNOWLEDGE') : undefined),
        20,
      );
      expect(first?.acknowledge).toEqual({ agent_id: { value: 'agent-1' }, task_id: { value: 't1' }, uuid: UUID });

      world.broker.down();
      await until('it suppresses', 10_000, () => world.mesos.ofType('SUPPRESS').length > 0, 20);
      expect((await process.readiness()).status).toBe(503);
      world.mesos.send(updateEvent('t2', UUID), offersEvent('o9'));
      // the stream is read in order, so once the offer is declined the update has been seen
      await until('the offer is declined', 5_000, () => world.mesos.ofType('DECLINE').length > 0, 20);
      expect((await process.state()).updates).toMatchObject({ held: 1, in_flight: 0 });
      expect(world.mesos.ofType('ACKNOWLEDGE')).toHaveLength(1);

      world.broker.up();
      await world.allocation.untilState('t2', 'TASK_RUNNING');
      await until('ACKNOWLEDGE', 5_000, () => world.mesos.ofType('ACKNOWLEDGE').length === 2, 20);
      await until('offers are asked for again', 5_000, () => world.mesos.ofType('REVIVE').length === 2, 20);
      expect(world.mesos.subscribes).toHaveLength(1);
    },
  );

  it('acknowledges no update that no queue took, but declares the queue anew that somebody deleted, and publishes it again', async () => {
    const process = await world.startFlowing();
    const connections = await process.metric('streams_on_mesos_amqp_connections_total');
    // nobody consumes, so that only who publishes can notice
    world.allocation.end();
    const admin = await connectBroker(inject('rabbitmqUrl'));
    const channel = await admin.createChannel();
    await channel.deleteQueue(world.topology.updates.name);
    world.mesos.send(updateEvent('t1', UUID));
    // what the broker returns it confirms, too: an update acknowledged for that would be in no queue
    await until('ACKNOWLEDGE', 20_000, () => world.mesos.ofType('ACKNOWLEDGE').length > 0, 20);
    const message = await channel.get(world.topology.updates.name, { noAck: true });
    expect(message !== false && decodeEnvelope(message.content).update?.status.task_id.value).toBe('t1');
    expect(await process.metric('streams_on_mesos_amqp_published_total', 'returned')).toBeGreaterThan(0);
    expect(await process.metric('streams_on_mesos_amqp_connections_total')).toBe(connections);
    expect(world.mesos.ofType('ACKNOWLEDGE')).toHaveLength(1);
    await admin.close();
  });

  it('takes no event above MESOS_RECORD_LIMIT_MB: the subscription is made anew, and the log says why', async () => {
    const process = await world.start({ MESOS_RECORD_LIMIT_MB: '1' });
    await process.untilReady('leader');
    const [offer] = offersEvent('o1').offers?.offers ?? [];
    if (offer === undefined) throw new Error('no offer');
    const attributes = [{ name: 'long', type: 'TEXT' as const, text: { value: 'x'.repeat(1024 * 1024) } }];
    world.mesos.send({ type: 'OFFERS', offers: { offers: [{ ...offer, attributes }] } });
    await world.mesos.untilSubscribed(2);
    expect(readFileSync(process.part.logFile, 'utf8')).toMatch(/above the limit of 1048576 bytes/);
  });
});
