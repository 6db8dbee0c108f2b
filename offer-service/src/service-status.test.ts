import { describe, expect, it } from 'vitest';
import { DriverHarness } from './testing/driver-harness.js';
import { readinessOf } from './service-status.js';

const connected = { zookeeper: true, broker: true, brokerBlocked: false };

describe('readiness', () => {
  it('of a standby needs its connections only', () => {
    expect(readinessOf({ state: undefined, standsDown: undefined }, connected)).toEqual({ ready: true, role: 'standby', reasons: [] });
  });

  it('of a leader needs a subscription', () => {
    const { state } = new DriverHarness();
    expect(readinessOf({ state, standsDown: undefined }, connected)).toEqual({
      ready: false,
      role: 'leader',
      reasons: ['not subscribed to Mesos'],
    });
    const flowing = new DriverHarness().flowing();
    expect(readinessOf({ state: flowing.state, standsDown: undefined }, connected).ready).toBe(true);
  });

  it('names everything that is missing', () => {
    const reasons = readinessOf(
      { state: undefined, standsDown: 'thrown out' },
      { zookeeper: false, broker: false, brokerBlocked: false },
    ).reasons;
    expect(reasons).toEqual(['ZooKeeper is not connected', 'RabbitMQ is not connected', 'thrown out']);
    expect(readinessOf({ state: undefined, standsDown: undefined }, { ...connected, brokerBlocked: true }).reasons?.[0]).toMatch(
      /memory or disk/,
    );
  });
});
