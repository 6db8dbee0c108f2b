import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM, DriverHarness, offerOf } from './testing/driver-harness.js';

// What users of other frameworks complained of most, each held by a test as far as offer-service's decisions are concerned. What
// needs a real ZooKeeper, broker or process bears the complaint's number in lead, framework-end and sharing-a-cluster.integration.test.ts.

describe('the complaints about peers', () => {
  it('offers declined for 5 s starve others (marathon#1931): here for an hour when nothing waits, and suppressed', () => {
    const driver = new DriverHarness().flowing().desire(false, { revision: 2 }).offers(offerOf('o1'));
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 3_600 }]);
    expect(driver.mesosCalls('suppress')).toEqual([{ kind: 'suppress', roles: ['*'] }]);
  });

  it('offers are hoarded (Singularity#1532): here one that nobody answers is declined after 10 s', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).pass(9_800);
    expect(driver.state.offers.outstanding.size).toBe(1);
    driver.pass(200);
    expect(driver.state.offers.outstanding.size).toBe(0);
    expect(driver.mesosCalls('decline').map(({ offerIds }) => offerIds)).toEqual([['o1']]);
  });

  it.each(['not-sent', 'unknown'] as const)('a lost REVIVE (%s) means no offers ever (marathon#1935): here it is sent again', (result) => {
    const driver = new DriverHarness().flowing().desire(false, { revision: 2 }).desire(true, { revision: 3 });
    expect(driver.mesosCalls('revive')).toHaveLength(1);
    driver.drain();
    driver.do({ type: 'call-result', concern: { of: 'roles', roles: ['*'] }, result }).pass(1_000);
    expect(driver.mesosCalls('revive')).toHaveLength(1);
  });

  it('storms of revives (dcos-cassandra PR 363): here a few at once and then one a second, however often they are wished for', () => {
    const driver = new DriverHarness().flowing();
    for (let revive = 1; revive <= 100; revive += 1) driver.desire(true, { revision: revive + 1, revive }).pass(200);
    expect(driver.mesosCalls('revive').length).toBeGreaterThan(15);
    expect(driver.mesosCalls('revive').length).toBeLessThanOrEqual(5 + 20 + 1);
  });

  it('stale offers are used (Singularity#1622): here one that was rescinded, or is of an earlier subscription, never reaches Mesos', () => {
    const rescinded = new DriverHarness().flowing().offers(offerOf('o1')).do({ type: 'rescind', offerId: 'o1' }).accept('c1', 'o1');
    const earlier = new DriverHarness().flowing().offers(offerOf('o1')).do({ type: 'disconnected', reason: 'cut' }).subscribe([]);
    earlier.accept('c1', 'o1');
    for (const driver of [rescinded, earlier]) {
      expect(driver.mesosCalls('accept')).toEqual([]);
      expect(driver.answers.map(({ result }) => result)).toEqual(['NOT_SENT']);
    }
  });

  it('status updates block offers (Singularity#1622): here offers leave while thousands of updates wait for the broker', () => {
    const driver = new DriverHarness().flowing();
    for (let n = 0; n < 5_000; n += 1) driver.update(`t${n}`, 'TASK_RUNNING', 'uuid');
    expect(driver.published.length).toBeLessThan(5_000);
    driver.drain();
    driver.offers(offerOf('o1'));
    expect(driver.announcements('offers').flatMap(({ offers }) => offers?.map(({ id }) => id.value))).toEqual(['o1']);
  });

  it('an offer id that comes twice is used twice (openvdc#45): here its second ACCEPT is not sent', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).offers(offerOf('o1')).accept('c1', 'o1').accept('c2', 'o1');
    expect(driver.mesosCalls('accept')).toHaveLength(1);
    expect(driver.answers).toMatchObject([{ call_id: 'c2', result: 'NOT_SENT' }]);
  });

  it('offers of two agents are put into one accept (storm#5): here that is refused, with the reason', () => {
    const driver = new DriverHarness()
      .flowing()
      .offers(offerOf('o1'), offerOf('o2', { agent: 'agent-2' }))
      .accept('c1', 'o1', 'o2');
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: expect.stringContaining('agent') as string }]);
  });

  it('a failover launches once more (Yelp PR 69): here a call that another leader may have sent is UNKNOWN and not sent', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    const ofEarlierLeader = { ...driver.callOf({ accept: { offer_ids: ['o1'] } }), subscription: { term: 2, counter: 1 } };
    driver.call('c1', ofEarlierLeader, { redelivered: true });
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toMatchObject([{ call_id: 'c1', allocation_term: ALLOCATION_TERM, result: 'UNKNOWN' }]);
  });
});
