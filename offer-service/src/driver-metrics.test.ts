import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { DriverEvent } from './domain/events.js';
import { step } from './domain/step.js';
import { DriverMetrics } from './driver-metrics.js';
import { DriverHarness, FRAMEWORK_ID, inverseOfferOf, offerOf, statusOf } from './testing/driver-harness.js';

/** A driver whose every step is observed. */
class Observed {
  readonly registry = new Registry();
  readonly metrics = new DriverMetrics(this.registry);
  readonly driver = new DriverHarness().flowing();

  do(...events: DriverEvent[]): this {
    for (const event of events) {
      const { effects } = step(this.driver.state, event, this.driver.now);
      this.driver.effects.push(...effects);
      this.metrics.observe(this.driver.state, event, effects, this.driver.now);
    }
    return this;
  }

  /** Samples by name and labels, without those of value 0. */
  async samples(): Promise<Record<string, number>> {
    const lines = (await this.registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith('offer_service_') && !line.includes('_bucket'));
    const all = lines.map((line) => [
      line.slice('offer_service_'.length, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' '))),
    ]);
    return Object.fromEntries(all.filter(([, value]) => value !== 0)) as Record<string, number>;
  }
}

const subscribed: DriverEvent = { type: 'subscribed', frameworkId: FRAMEWORK_ID, suppressedRoles: [] };

describe('metrics', () => {
  it('count resubscriptions by why the one before was lost, and no first subscription', async () => {
    const observed = new Observed().do({ type: 'disconnected', reason: 'no heartbeat', cause: 'heartbeats-missed' }, subscribed);
    observed.do({ type: 'disconnected', reason: 'another leads', cause: 'leader-changed' }, subscribed);
    observed.do({ type: 'disconnected', reason: 'another leads', cause: 'leader-changed' });
    expect(await observed.samples()).toMatchObject({
      'resubscriptions_total{cause="heartbeats-missed"}': 1,
      'resubscriptions_total{cause="leader-changed"}': 1,
      subscriptions_total: 2,
      disconnections_total: 3,
    });
  });

  it('show how far this process is behind the stream, until the leadership ends', async () => {
    const observed = new Observed();
    observed.metrics.watchStream(() => ({ waitingEvents: 7, silentMs: 12_000 }));
    expect(await observed.samples()).toMatchObject({ stream_waiting_events: 7, stream_silence_seconds: 12 });
    observed.metrics.clear();
    expect(await observed.samples()).not.toHaveProperty('stream_silence_seconds');
  });

  it('count offers received, declined and outstanding, and how old they were when answered', async () => {
    const observed = new Observed().do({ type: 'offers', offers: [offerOf('o1'), offerOf('o2'), offerOf('o3')] });
    observed.driver.now += 2_000;
    const { driver } = observed;
    observed.do({ type: 'call', id: 'c1', redelivered: false, call: driver.callOf({ accept: { offer_ids: ['o1'] } }) });
    observed.do({ type: 'call', id: 'c2', redelivered: false, call: driver.callOf({ decline: { offer_ids: ['o2'] } }) });
    expect(await observed.samples()).toMatchObject({
      offers_received_total: 3,
      offers_declined_total: 1,
      offers_outstanding: 1,
      'offer_age_seconds_sum{how="accepted"}': 2,
      'offer_age_seconds_count{how="declined"}': 1,
    });
  });

  it('count inverse offers, how they ended, and those that nobody has answered', async () => {
    const observed = new Observed().do({ type: 'inverse-offers', inverseOffers: ['i1', 'i2', 'i3'].map((id) => inverseOfferOf(id)) });
    const call = observed.driver.callOf({ accept_inverse_offers: { inverse_offer_ids: ['i1'] } });
    observed.do({ type: 'call', id: 'c1', redelivered: false, call }, { type: 'rescind-inverse-offer', inverseOfferId: 'i2' });
    expect(await observed.samples()).toMatchObject({
      inverse_offers_received_total: 3,
      'inverse_offers_ended_total{how="accepted"}': 1,
      'inverse_offers_ended_total{how="rescinded"}': 1,
      inverse_offers_outstanding: 1,
    });
    observed.metrics.clear();
    expect(await observed.samples()).not.toHaveProperty('inverse_offers_outstanding');
  });

  it('count updates and how long each waited for its acknowledgement', async () => {
    const observed = new Observed().do({ type: 'update', status: statusOf('t1', 'TASK_RUNNING', 'u1') });
    observed.driver.now += 300;
    observed.do({ type: 'update-published', update: observed.driver.published[0]! });
    expect(await observed.samples()).toMatchObject({ updates_received_total: 1, update_acknowledgement_seconds_sum: 0.3 });
  });

  it('count calls of allocation-service and calls to Mesos by result', async () => {
    const observed = new Observed();
    observed.metrics.observeCall('revive', 'unknown');
    observed.do({ type: 'call', id: 'c1', redelivered: false, call: observed.driver.callOf({ accept: { offer_ids: ['o1'] } }) });
    expect(await observed.samples()).toMatchObject({
      'mesos_calls_total{kind="revive",result="unknown"}': 1,
      'calls_total{result="NOT_SENT"}': 1,
    });
  });
});
