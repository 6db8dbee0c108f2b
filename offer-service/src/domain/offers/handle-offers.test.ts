import { describe, expect, it, vi } from 'vitest';
import { ALLOCATION_TERM, DriverHarness, offerOf } from '../../testing/driver-harness.js';

describe('offers', () => {
  it('are handed at once to the allocation term in force', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'), offerOf('o2'));
    expect(driver.announcements('offers')).toEqual([
      { subscription: { term: 3, counter: 1 }, allocation_term: ALLOCATION_TERM, offers: [offerOf('o1'), offerOf('o2')] },
    ]);
    expect(driver.mesosCalls('decline')).toEqual([]);
  });

  it('leave in batches of a bounded size', () => {
    const driver = new DriverHarness({ offersPerMessage: 2 }).flowing();
    driver.offers(...['a', 'b', 'c', 'd', 'e'].map((id) => offerOf(id)));
    expect(driver.announcements('offers').map(({ offers }) => offers?.map(({ id }) => id.value))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('are declined for an hour, not for 5 s, when the leader wants none: what comes back at once starves the other frameworks', () => {
    const driver = new DriverHarness().flowing().desire(false, { revision: 2 }).offers(offerOf('o1'));
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 3_600 }]);
    expect(driver.announcements('offers')).toEqual([]);
  });

  it('are declined shortly while allocation-service has no leader', () => {
    const driver = new DriverHarness().flowing().do({ type: 'allocation-term', term: undefined }).offers(offerOf('o1'));
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 5 }]);
  });

  it('of a role that is not wanted are declined, the others handed out', () => {
    const driver = new DriverHarness({ roles: ['a', 'b'] }).flowing();
    driver.do({
      type: 'desired-state',
      desiredState: { allocation_term: ALLOCATION_TERM, revision: 2, revive_counter: 0, roles: [{ role: 'b', wanted: true }] },
    });
    driver.offers(offerOf('o1', { role: 'a' }), offerOf('o2', { role: 'b' }));
    expect(driver.mesosCalls('decline').map(({ offerIds }) => offerIds)).toEqual([['o1']]);
    expect(driver.announcements('offers').map(({ offers }) => offers?.map(({ id }) => id.value))).toEqual([['o2']]);
  });

  it('are never hoarded: those that nobody has answered within the limit are declined, and their takers are told', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).pass(9_000).offers(offerOf('o2'));
    expect(driver.mesosCalls('decline')).toEqual([]);
    driver.pass(1_000);
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 5 }]);
    expect(driver.announcements('rescinds').map((rescinds) => rescinds.offer_ids)).toEqual([['o1']]);
    expect(driver.effects).toContainEqual({ type: 'offers-ended', how: 'expired', agesMs: [10_000] });
    driver.pass(9_000);
    expect(driver.mesosCalls('decline').map(({ offerIds }) => offerIds)).toEqual([['o1'], ['o2']]);
  });

  it('are forgotten when rescinded, and the rescind follows the offer', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).do({ type: 'rescind', offerId: 'o1' });
    expect(driver.effects.map((effect) => (effect.type === 'announce' ? Object.keys(effect.announcement)[0] : effect.type))).toEqual([
      'offers',
      'rescinds',
      'offers-ended',
    ]);
    expect(driver.state.offers.outstanding.size).toBe(0);
  });

  it('that were answered already need no rescind', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1').do({ type: 'rescind', offerId: 'o1' });
    expect(driver.announcements('rescinds')).toEqual([]);
  });

  it('that could not be published are declined', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'), offerOf('o2')).accept('c1', 'o2');
    driver.do({ type: 'offers-unpublished', offerIds: ['o1', 'o2'], reason: 'connection lost' });
    expect(driver.mesosCalls('decline').map(({ offerIds }) => offerIds)).toEqual([['o1']]);
  });

  it('handed to an earlier term are declined when another comes into force', () => {
    const driver = new DriverHarness()
      .flowing()
      .offers(offerOf('o1'))
      .do({ type: 'allocation-term', term: ALLOCATION_TERM + 1 });
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 0 }]);
  });

  it('are not looked through at a call while all were handed to the term in force', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'), offerOf('o2'), offerOf('o2'), offerOf('o3'));
    const look = vi.spyOn(driver.state.offers.outstanding, 'values');
    driver.accept('c1', 'o1').do({ type: 'rescind', offerId: 'o2' }).accept('c2', 'o2');
    expect(look).not.toHaveBeenCalled();
    driver.do({ type: 'allocation-term', term: undefined });
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o3'], refuseSeconds: 0 }]);
  });

  it('are all declined on hello', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    driver.do({ type: 'hello', allocationTerm: ALLOCATION_TERM });
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 0 }]);
    expect(driver.announcements('subscribed').map((subscribed) => subscribed.answers_term)).toEqual([ALLOCATION_TERM]);
  });

  it('of the old subscription are void, not declined, when it ends: all are invalid after a resubscription', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).do({ type: 'disconnected', reason: 'cut' });
    expect(driver.mesosCalls('decline')).toEqual([]);
    expect(driver.state.offers.outstanding.size).toBe(0);
    expect(driver.announcements('unsubscribed')).toEqual([{ subscription: { term: 3, counter: 1 }, reason: 'cut' }]);
  });

  it('are declined while the broker is away, and roles suppressed; the stream goes on', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    driver.do({ type: 'broker', up: false }).offers(offerOf('o2'));
    expect(driver.mesosCalls('decline').map(({ offerIds }) => offerIds)).toEqual([['o1'], ['o2']]);
    expect(driver.mesosCalls('suppress')).toEqual([{ kind: 'suppress', roles: ['*'] }]);
    driver.drain();
    driver.do({ type: 'broker', up: true });
    expect(driver.announcements('subscribed').map((subscribed) => subscribed.answers_term)).toEqual([ALLOCATION_TERM]);
    expect(driver.mesosCalls('revive')).toEqual([{ kind: 'revive', roles: ['*'] }]);
  });
});
