import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM, DriverHarness } from '../../testing/driver-harness.js';
import { suppressedRoles } from './role-directives.js';

const greeted = (settings = {}) =>
  new DriverHarness(settings).do({ type: 'broker', up: true }).do({ type: 'hello', allocationTerm: ALLOCATION_TERM });

describe('suppressed and revived roles', () => {
  it('are all suppressed at SUBSCRIBE until a desired state is in hand', () => {
    const driver = greeted({ roles: ['a', 'b'] });
    expect(suppressedRoles(driver.state)).toEqual(['a', 'b']);
    driver.desire(true);
    expect(suppressedRoles(driver.state)).toEqual([]);
  });

  it('follow the differences between what is wanted and what Mesos was told: who was suppressed gets offers again when something waits', () => {
    const driver = greeted().subscribe().desire(true);
    expect(driver.mesosCalls('revive')).toEqual([{ kind: 'revive', roles: ['*'] }]);
    driver.drain();
    driver.desire(true, { revision: 2 });
    expect(driver.effects).toEqual([]);
    driver.desire(false, { revision: 3 });
    expect(driver.mesosCalls('suppress')).toEqual([{ kind: 'suppress', roles: ['*'] }]);
  });

  it('know only the latest revision, and nothing of a term that is not in force', () => {
    const driver = greeted().subscribe().desire(true, { revision: 5 });
    driver.drain();
    driver.desire(false, { revision: 4 }).desire(false, { term: ALLOCATION_TERM - 1, revision: 9 });
    expect(driver.effects).toEqual([]);
  });

  it('are revived once for each increase of the counter', () => {
    const driver = greeted().subscribe().desire(true);
    driver.drain();
    driver.desire(true, { revision: 2, revive: 1 }).desire(true, { revision: 3, revive: 1 });
    expect(driver.mesosCalls('revive')).toHaveLength(1);
  });

  it('are revived for a new leader whose counter starts again', () => {
    const driver = greeted().subscribe().desire(true, { revive: 9 });
    driver.drain();
    driver.do({ type: 'hello', allocationTerm: ALLOCATION_TERM + 1 });
    driver.desire(true, { term: ALLOCATION_TERM + 1, revision: 1, revive: 1 });
    expect(driver.mesosCalls('suppress')).toHaveLength(1);
    expect(driver.mesosCalls('revive')).toHaveLength(1);
  });

  it('are revived at a limited rate, and the last wish is not forgotten: storms of REVIVE back up the allocator of everybody', () => {
    const driver = greeted({ reviveBurst: 3, reviveIntervalMs: 1_000 }).subscribe();
    for (let revive = 1; revive <= 50; revive += 1) driver.desire(true, { revision: revive, revive });
    expect(driver.mesosCalls('revive')).toHaveLength(3);
    driver.pass(10_000);
    expect(driver.mesosCalls('revive')).toHaveLength(4);
  });

  it('are suppressed and asked for again by a new subscription without a REVIVE', () => {
    const driver = new DriverHarness().flowing().do({ type: 'disconnected', reason: 'cut' });
    driver.drain();
    driver.subscribe(suppressedRoles(driver.state));
    expect(driver.mesosCalls('revive')).toEqual([]);
    expect(driver.mesosCalls('suppress')).toEqual([]);
  });

  it('are told again when a call did not get through: after a lost REVIVE offers would never come again', () => {
    const driver = greeted().subscribe().desire(true);
    driver.drain();
    driver.do({ type: 'call-result', concern: { of: 'roles', roles: ['*'] }, result: 'unknown' });
    expect(driver.mesosCalls('revive')).toEqual([]);
    driver.pass(1_000);
    expect(driver.mesosCalls('revive')).toHaveLength(1);
  });

  it('are suppressed when allocation-service has no leader any more', () => {
    const driver = new DriverHarness().flowing().do({ type: 'allocation-term', term: undefined });
    expect(driver.mesosCalls('suppress')).toHaveLength(1);
  });

  it('never leave as an empty list, which would mean all', () => {
    const driver = greeted({ roles: ['a', 'b'] })
      .subscribe()
      .desire(true)
      .desire(false, { revision: 2 });
    for (const { roles } of [...driver.mesosCalls('suppress'), ...driver.mesosCalls('revive')]) expect(roles.length).toBeGreaterThan(0);
  });
});
