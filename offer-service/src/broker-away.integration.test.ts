import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startRabbitMq, until, type RabbitMqPart } from '@streams-on-mesos/local-environment';
import type { Event } from '@streams-on-mesos/mesos';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultDriverSettings } from './domain/driver-settings.js';
import { offersEvent, OfferWorld, updateEvent } from './testing/offer-world.js';

// A broker of this file's own, to be stopped and to run out of memory. Mesos's stream goes on meanwhile.

const HEARTBEAT_SECONDS = 1;
const AWAY_MS = 60_000;
const uuidOf = (n: number): string => Buffer.from(n.toString(16).padStart(32, '0'), 'hex').toString('base64');
const heartbeat: Event = { type: 'HEARTBEAT' };
/** More than are held: of the others Mesos gets no acknowledgement, and its agents send them again. */
const UPDATES = defaultDriverSettings.updatesHeld + 500;

describe('with the broker away', () => {
  const directory = mkdtempSync(join(tmpdir(), 'broker-away-'));
  let broker: RabbitMqPart;
  beforeAll(async () => {
    broker = await startRabbitMq({ dir: directory });
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const world = OfferWorld.forEachTest({ brokerUrl: () => broker.url });
  let beats: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(beats));

  const start = async () => {
    world.mesos.heartbeatSeconds = HEARTBEAT_SECONDS;
    beats = setInterval(() => world.mesos.send(heartbeat), HEARTBEAT_SECONDS * 1_000);
    const process = await world.startFlowing();
    const acknowledged = () => new Set(world.mesos.ofType('ACKNOWLEDGE').map(({ acknowledge }) => acknowledge?.uuid));
    return { process, acknowledged, offer: () => void world.mesos.send(offersEvent(`o-${performance.now()}`)) };
  };

  it('the stream is read on, offers are declined, roles suppressed, memory is bounded, nothing is acknowledged, and nothing is lost', async () => {
    const { process, acknowledged, offer } = await start();
    const stoppedAt = performance.now();
    await broker.stop();
    await until('it suppresses', 20_000, () => world.mesos.ofType('SUPPRESS').length > 0, 20);
    for (let n = 0; n < UPDATES; n++) world.mesos.send(updateEvent(`t${n}`, uuidOf(n)));
    // made by the master itself, which never repeats it
    world.mesos.send(updateEvent('made-by-master'));
    offer();
    await until('the offer is declined', 20_000, () => world.mesos.ofType('DECLINE').length > 0, 20);
    expect((await process.state()).updates).toMatchObject({ held: defaultDriverSettings.updatesHeld, in_flight: 0 });
    expect(await process.metric('offer_service_updates_dropped_total', 'because="resent"')).toBe(
      UPDATES - defaultDriverSettings.updatesHeld,
    );
    expect(await process.metric('offer_service_updates_dropped_total', 'because="reconciled"')).toBe(1);
    // longer than a subscription without heartbeats lasts; agents send again what nobody acknowledged
    for (let more = 0; performance.now() - stoppedAt < AWAY_MS; more++) {
      world.mesos.send(updateEvent(`t${more % 500}`, uuidOf(more % 500)));
      await delay(100);
    }
    expect((await process.state()).updates).toMatchObject({ held: defaultDriverSettings.updatesHeld, in_flight: 0 });
    expect(acknowledged().size).toBe(0);
    expect(world.mesos.subscribes).toHaveLength(1);
    expect(await process.metric('offer_service_disconnections_total')).toBe(0);

    broker = await startRabbitMq({ dir: directory, ports: broker.ports });
    const received = () => new Set(world.allocation.updates.map(({ status }) => status.task_id.value));
    await until('what was held arrives', 60_000, () => received().size >= defaultDriverSettings.updatesHeld);
    await until('what was not resent is asked for', 20_000, () =>
      world.mesos.ofType('RECONCILE').find(({ reconcile }) => reconcile?.tasks?.some(({ task_id: id }) => id.value === 'made-by-master')),
    );
    // as agents do with what nobody acknowledged
    const done = acknowledged();
    for (let n = 0; n < UPDATES; n++) if (!done.has(uuidOf(n))) world.mesos.send(updateEvent(`t${n}`, uuidOf(n)));
    await until('every update is acknowledged', 60_000, () => acknowledged().size === UPDATES);
    expect(received().size).toBe(UPDATES);
    expect(world.mesos.subscribes).toHaveLength(1);
    await until('offers are asked for again', 10_000, () => world.mesos.ofType('REVIVE').length === 2, 20);
  }, 240_000);

  it('that blocks publishers (memory alarm, connection.blocked) it is the same, and it goes on when the alarm is over', async () => {
    const { process, acknowledged, offer } = await start();
    await broker.control('set_vm_memory_high_watermark', 'absolute', '1000');
    try {
      // the broker blocks whoever publishes while the alarm lasts
      const readiness = await until('it notices', 30_000, async () => {
        offer();
        const answer = await process.readiness();
        return answer.reasons?.some((reason) => reason.includes('blocking publishers')) === true ? answer : undefined;
      });
      expect(readiness.status).toBe(503);
      await until('it suppresses', 10_000, () => world.mesos.ofType('SUPPRESS').length > 0, 20);
      const declined = world.mesos.ofType('DECLINE').length;
      world.mesos.send(updateEvent('t1', uuidOf(1)));
      offer();
      await until('the offer is declined', 10_000, () => world.mesos.ofType('DECLINE').length > declined, 20);
      expect((await process.state()).updates.held).toBe(1);
      expect(acknowledged().size).toBe(0);
      expect(world.allocation.updates).toEqual([]);
    } finally {
      await broker.control('set_vm_memory_high_watermark', '0.4');
    }
    await world.allocation.untilState('t1', 'TASK_RUNNING');
    await until('ACKNOWLEDGE', 10_000, () => acknowledged().size === 1, 20);
    await until('offers are asked for again', 10_000, () => world.mesos.ofType('REVIVE').length === 2, 20);
    await process.untilReady('leader');
    expect(world.mesos.subscribes).toHaveLength(1);
  }, 120_000);
});
