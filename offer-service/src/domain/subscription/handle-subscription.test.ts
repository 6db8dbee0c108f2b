import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM, DriverHarness, FRAMEWORK_ID } from '../../testing/driver-harness.js';

describe('a subscription', () => {
  it('is announced with its number in this term', () => {
    const driver = new DriverHarness().do({ type: 'broker', up: true });
    driver.do({ type: 'subscribed', frameworkId: FRAMEWORK_ID, master: 'http://master:5050', suppressedRoles: ['*'] });
    expect(driver.announcements('subscribed')).toEqual([
      { subscription: { term: 3, counter: 1 }, framework_id: FRAMEWORK_ID, master: 'http://master:5050' },
    ]);
    driver.do({ type: 'disconnected', reason: 'cut' }).subscribe();
    expect(driver.announcements('subscribed')[1]?.subscription).toEqual({ term: 3, counter: 2 });
  });

  it('answers a hello that came before it, once', () => {
    const driver = new DriverHarness().do({ type: 'broker', up: true }).do({ type: 'hello', allocationTerm: ALLOCATION_TERM });
    expect(driver.announcements('subscribed')).toEqual([]);
    driver.subscribe().do({ type: 'disconnected', reason: 'cut' }).subscribe();
    expect(driver.announcements('subscribed').map((subscribed) => subscribed.answers_term)).toEqual([ALLOCATION_TERM, undefined]);
  });

  it('is no answer to the hello of a term that is not in force', () => {
    const driver = new DriverHarness().flowing().do({ type: 'hello', allocationTerm: ALLOCATION_TERM - 1 });
    expect(driver.announcements('subscribed')).toEqual([]);
  });

  it('that ends and begins while the broker is away is announced when that is back', () => {
    const driver = new DriverHarness().flowing().do({ type: 'broker', up: false }).do({ type: 'disconnected', reason: 'cut' }).subscribe();
    expect([...driver.announcements('subscribed'), ...driver.announcements('unsubscribed')]).toEqual([]);
    driver.do({ type: 'broker', up: true });
    expect(driver.announcements('subscribed')).toMatchObject([{ subscription: { counter: 2 }, answers_term: ALLOCATION_TERM }]);
  });

  it('passes failures on while it lasts', () => {
    const driver = new DriverHarness().flowing().do({ type: 'failure', agentId: 'agent-1' });
    expect(driver.announcements('failure')).toMatchObject([{ subscription: { term: 3, counter: 1 }, agent_id: 'agent-1' }]);
    driver.do({ type: 'disconnected', reason: 'cut' });
    driver.drain();
    driver.do({ type: 'failure', agentId: 'agent-1' });
    expect(driver.effects).toEqual([]);
  });
});
