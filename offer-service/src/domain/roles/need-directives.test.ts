import type { DesiredState } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM, DriverHarness, FRAMEWORK_ID } from '../../testing/driver-harness.js';
import { attemptSubscribe } from './need-directives.js';
import { noNeeds, sameNeeds } from './offer-needs.js';

const minimum = (cpus: number) => ({ quantities: [{ quantities: { cpus: { value: cpus } } }] });
const zone = (value: string) => ({
  groups: [{ attribute_constraints: [{ selector: { attribute_name: 'zone' }, predicate: { text_equals: { value } } }] }],
});

class Driver extends DriverHarness {
  revision = 100;

  /** Wants all roles, of agents as told for the first one. */
  need(more: Partial<DesiredState.Role> = {}, wanted = true): this {
    this.revision += 1;
    const roles = this.state.settings.roles.map((role, n) => ({ role, wanted, ...(n === 0 && more) }));
    return this.do({
      type: 'desired-state',
      desiredState: { allocation_term: ALLOCATION_TERM, revision: this.revision, roles, revive_counter: 0 },
    });
  }

  get updates() {
    return this.mesosCalls('update-framework');
  }

  answerNeeds(result: 'sent' | 'not-sent' | 'unknown' = 'sent'): this {
    const effect = this.effects.findLast((each) => each.type === 'call-mesos' && each.concern?.of === 'needs');
    if (effect?.type !== 'call-mesos' || effect.concern === undefined) throw new Error('nothing was told');
    return this.do({ type: 'call-result', concern: effect.concern, result });
  }

  subscribeAs(masterLimits?: { takesUpdates: boolean; takesConstraints: boolean }): this {
    return this.do({ type: 'subscribed', frameworkId: FRAMEWORK_ID, ...attemptSubscribe(this.state), masterLimits });
  }
}

const flowing = (settings = {}) => new Driver(settings).flowing() as Driver;

describe('what agents must have to be offered', () => {
  it('is told in one complete UPDATE_FRAMEWORK when it changes, and only then', () => {
    const driver = flowing({ roles: ['a', 'b'] }).need({ min_allocatable: minimum(2), constraints: zone('x') });
    expect(driver.updates).toEqual([
      {
        kind: 'update-framework',
        suppressedRoles: [],
        needs: { filters: { a: { min_allocatable_resources: minimum(2) } }, constraints: { a: zone('x') } },
      },
    ]);
    driver.answerNeeds().need({ min_allocatable: minimum(2), constraints: zone('x') });
    expect(driver.updates).toHaveLength(1);
    driver.need({ min_allocatable: minimum(1) });
    expect(driver.updates[1]?.needs).toEqual({ filters: { a: { min_allocatable_resources: minimum(1) } }, constraints: {} });
  });

  it('is taken back when a desired state does not name it any more', () => {
    const driver = flowing()
      .need({ min_allocatable: minimum(2) })
      .answerNeeds()
      .need();
    expect(driver.updates.map(({ needs }) => needs)).toEqual([expect.anything(), noNeeds]);
  });

  it('stays as it is while allocation-service has no leader', () => {
    const driver = flowing()
      .need({ min_allocatable: minimum(2) })
      .answerNeeds()
      .do({ type: 'allocation-term', term: undefined });
    expect(driver.updates).toHaveLength(1);
  });

  it('is told before roles are revived, names them as suppressed until then, and holds other directives back until it is answered', () => {
    const driver = flowing({ roles: ['a', 'b'] }).need({}, false);
    driver.drain();
    driver.need({ min_allocatable: minimum(2) });
    expect(driver.updates).toMatchObject([{ suppressedRoles: ['a', 'b'] }]);
    expect(driver.mesosCalls('revive')).toEqual([]);
    driver.answerNeeds();
    expect(driver.mesosCalls('revive')).toEqual([{ kind: 'revive', roles: ['a', 'b'] }]);
  });

  it('is told at a limited rate, like a REVIVE, and the last wish is not forgotten', () => {
    const driver = flowing({ reviveBurst: 2, reviveIntervalMs: 1_000 });
    for (let cpus = 1; cpus <= 10; cpus += 1) {
      driver.need({ min_allocatable: minimum(cpus) });
      if (cpus <= 2) driver.answerNeeds();
    }
    expect(driver.updates).toHaveLength(2);
    driver.pass(5_000);
    expect(driver.updates).toHaveLength(3);
    expect(driver.updates[2]?.needs.filters['*']?.min_allocatable_resources).toEqual(minimum(10));
  });

  it('that the master refuses is told again ever more seldom, and roles are revived all the same', () => {
    const driver = flowing().need({}, false);
    driver.drain();
    driver.need({ constraints: zone('(') }).answerNeeds('not-sent');
    driver.answerNeeds('not-sent');
    expect(driver.mesosCalls('revive')).toHaveLength(1);
    const times: number[] = [];
    for (const start = driver.now; driver.now < start + 120_000; driver.pass(200)) {
      const told = driver.updates.length;
      if (driver.state.needs.inFlight) {
        if (!sameNeeds(driver.updates.at(-1)?.needs ?? noNeeds, noNeeds)) times.push(driver.now - start);
        driver.answerNeeds('not-sent');
      }
      expect(driver.updates.length - told).toBeLessThanOrEqual(1);
    }
    expect(driver.updates.length - times.length).toBeLessThanOrEqual(times.length + 2);
    expect(times.length).toBeGreaterThan(6);
    expect(times.length).toBeLessThan(12);
    // another wish is told at once
    const before = driver.updates.length;
    driver.need({ constraints: zone('x') });
    expect(driver.updates).toHaveLength(before + 1);
  });

  it('is nothing while the master refuses what it is: what it was told before would hold back agents that are needed now', () => {
    const driver = flowing()
      .need({ min_allocatable: minimum(4) })
      .answerNeeds();
    driver.drain();
    driver.need({ min_allocatable: minimum(1), constraints: zone('(') }).answerNeeds('not-sent');
    expect(driver.updates.map(({ needs }) => needs.filters['*']?.min_allocatable_resources)).toEqual([minimum(1), undefined]);
    driver.answerNeeds();
    expect([driver.state.needs.told, driver.state.needs.refused?.failures]).toEqual([noNeeds, 1]);
    driver.drain();
    expect(driver.pass(300_000).updates.map(({ needs }) => needs.constraints['*'])).toEqual([zone('(')]);
    driver.answerNeeds();
    expect([driver.state.needs.told?.constraints['*'], driver.state.needs.refused]).toEqual([zone('('), undefined]);
  });

  it('is carried by every SUBSCRIBE, and needs no UPDATE_FRAMEWORK then (docs/scheduler-http-api.md: part of the subscription)', () => {
    const driver = flowing()
      .need({ min_allocatable: minimum(2), constraints: zone('x') })
      .answerNeeds()
      .do({ type: 'disconnected', reason: 'cut' });
    driver.drain();
    expect(attemptSubscribe(driver.state).needs).toEqual({
      filters: { '*': { min_allocatable_resources: minimum(2) } },
      constraints: { '*': zone('x') },
    });
    driver.do({ type: 'subscribed', frameworkId: FRAMEWORK_ID, suppressedRoles: [], needs: driver.state.needs.attempted });
    expect(driver.updates).toEqual([]);
  });

  it('is left out of the attempt after one that failed, which it may have been refused for; UPDATE_FRAMEWORK says it then', () => {
    const driver = flowing()
      .need({ constraints: zone('(') })
      .answerNeeds()
      .do({ type: 'disconnected', reason: 'cut' });
    driver.drain();
    expect(attemptSubscribe(driver.state).needs).not.toEqual(noNeeds);
    driver.subscribeAs();
    expect(driver.updates.map(({ needs }) => needs.constraints)).toEqual([{ '*': zone('(') }]);
    driver.answerNeeds('not-sent').do({ type: 'disconnected', reason: 'cut' });
    expect(attemptSubscribe(driver.state).needs).toEqual(noNeeds);
  });

  it.each([
    ['before 1.9: nothing is, since it could not be taken back', { takesUpdates: false, takesConstraints: false }, []],
    [
      'before 1.11: without constraints',
      { takesUpdates: true, takesConstraints: false },
      [{ filters: { '*': { min_allocatable_resources: minimum(2) } }, constraints: {} }],
    ],
  ])('to a master %s', (_what, limits, told) => {
    const driver = flowing().do({ type: 'disconnected', reason: 'cut' });
    driver.drain();
    driver.subscribeAs(limits).need({ min_allocatable: minimum(2), constraints: zone('x') });
    expect(driver.updates.map(({ needs }) => needs)).toEqual(told);
    if (told.length > 0) driver.answerNeeds();
    expect(attemptSubscribe(driver.state).needs).toEqual(told[0] ?? noNeeds);
  });

  it('an answer of an earlier subscription says nothing about this one', () => {
    const driver = flowing().need({ min_allocatable: minimum(2) });
    const effect = driver.effects.find((each) => each.type === 'call-mesos' && each.concern?.of === 'needs');
    driver.do({ type: 'disconnected', reason: 'cut' }).subscribeAs();
    const told = driver.state.needs.told;
    if (effect?.type === 'call-mesos' && effect.concern) driver.do({ type: 'call-result', concern: effect.concern, result: 'unknown' });
    expect(driver.state.needs.told).toBe(told);
  });
});
