import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM, DriverHarness, offerOf, OFFER_TERM } from '../../testing/driver-harness.js';

const acceptOf = (driver: DriverHarness, ...offerIds: string[]) => driver.callOf({ accept: { offer_ids: offerIds } });

describe('a call', () => {
  it('is sent once and answered with what became of it', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1');
    expect(driver.mesosCalls('accept')).toEqual([
      { kind: 'accept', offerIds: ['o1'], operations: [{ type: 'LAUNCH' }], refuseSeconds: undefined },
    ]);
    expect(driver.answers).toEqual([]);
    driver.result('c1', 'sent');
    expect(driver.answers).toEqual([{ call_id: 'c1', allocation_term: ALLOCATION_TERM, result: 'SENT' }]);
  });

  it('with an id that was answered gets the first answer again', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1').result('c1', 'unknown', 'connection cut');
    const [first] = driver.answers;
    driver.drain();
    driver.call('c1', acceptOf(driver, 'o1'), { redelivered: true });
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toEqual([first]);
    expect(first?.result).toBe('UNKNOWN');
  });

  it('that comes again while it is being sent waits for the same result', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1').accept('c1', 'o1');
    expect(driver.mesosCalls('accept')).toHaveLength(1);
    expect(driver.answers).toEqual([]);
    driver.result('c1', 'sent');
    expect(driver.answers).toHaveLength(1);
  });

  it('of an older offer-service term is UNKNOWN: its leader may have sent it', () => {
    const driver = new DriverHarness().flowing();
    driver.call('c1', { ...acceptOf(driver, 'o1'), subscription: { term: OFFER_TERM - 1, counter: 1 } });
    expect(driver.answers.map(({ result }) => result)).toEqual(['UNKNOWN']);
    expect(driver.mesosCalls('accept')).toEqual([]);
  });

  it('of an older subscription of this very leadership is NOT_SENT: only this leadership could have', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    const call = acceptOf(driver, 'o1');
    driver.do({ type: 'disconnected', reason: 'cut' }).subscribe([]).call('c1', call, { redelivered: true });
    expect(driver.answers.map(({ result }) => result)).toEqual(['NOT_SENT']);
  });

  it('of an older subscription whose calls were partly forgotten is UNKNOWN', () => {
    const driver = new DriverHarness({ callsRemembered: 1, offersRemembered: 1 })
      .flowing()
      .offers(offerOf('o1'), offerOf('o2'), offerOf('o3'));
    const call = acceptOf(driver, 'o1');
    driver.call('c1', call).accept('c2', 'o2').accept('c3', 'o3');
    driver.drain();
    driver.call('c1', call, { redelivered: true });
    expect(driver.answers.map(({ result }) => result)).toEqual(['UNKNOWN']);
  });

  it('is NOT_SENT, whatever was forgotten, when its offer is known to have gone elsewhere', () => {
    const driver = new DriverHarness({ callsRemembered: 1 }).flowing().offers(offerOf('o1'), offerOf('o2'), offerOf('o3'));
    driver.accept('c1', 'o1').accept('c2', 'o2').do({ type: 'rescind', offerId: 'o3' });
    driver.drain();
    driver.accept('c3', 'o3').accept('c4', 'o1');
    expect(driver.answers).toMatchObject([
      { call_id: 'c3', result: 'NOT_SENT', reason: 'offer o3 is rescinded' },
      { call_id: 'c4', result: 'NOT_SENT', reason: 'offer o1 is used by call c1' },
    ]);
  });

  it('delivered before is not sent, for another instance may have had it', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    driver.call('c1', acceptOf(driver, 'o1'), { redelivered: true });
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: 'delivered before' }]);
    // nobody counts on its offer any more
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 0 }]);
  });

  it('of an older allocation term is not sent', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    const call = acceptOf(driver, 'o1');
    driver.do({ type: 'allocation-term', term: ALLOCATION_TERM + 1 }).call('c1', call);
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', allocation_term: ALLOCATION_TERM }]);
  });

  it('of a newer allocation term than ZooKeeper has told yet counts', () => {
    const driver = new DriverHarness().flowing().do({ type: 'hello', allocationTerm: ALLOCATION_TERM + 1 });
    driver
      .do({ type: 'allocation-term', term: ALLOCATION_TERM })
      .desire(true, { term: ALLOCATION_TERM + 1 })
      .offers(offerOf('o1'));
    driver.call('c1', { ...acceptOf(driver, 'o1'), allocation_term: ALLOCATION_TERM + 1 });
    expect(driver.mesosCalls('accept')).toHaveLength(1);
  });

  it('that names a subscription yet to come is UNKNOWN: this leader is no longer the one', () => {
    const driver = new DriverHarness().flowing();
    driver.call('c1', { ...acceptOf(driver, 'o1'), subscription: { term: OFFER_TERM + 1, counter: 1 } });
    expect(driver.answers.map(({ result }) => result)).toEqual(['UNKNOWN']);
  });
});

describe('ACCEPT', () => {
  it('uses an offer once', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1').accept('c2', 'o1');
    expect(driver.mesosCalls('accept')).toHaveLength(1);
    expect(driver.answers).toMatchObject([{ call_id: 'c2', result: 'NOT_SENT', reason: 'offer o1 is used by call c1' }]);
  });

  it('of a stale offer, which Mesos took back meanwhile, is NOT_SENT, and its other offers go back', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'), offerOf('o2')).do({ type: 'rescind', offerId: 'o1' });
    driver.accept('c1', 'o1', 'o2');
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: 'offer o1 is rescinded' }]);
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o2'], refuseSeconds: 0 }]);
  });

  it.each([
    ['two agents', ['o1', 'o2']],
    ['two roles', ['o1', 'o3']],
    ['nothing', []],
    ['the same offer twice', ['o1', 'o1']],
  ])('of %s is NOT_SENT: the master would drop its tasks', (_what, offerIds) => {
    const driver = new DriverHarness({ roles: ['*', 'b'] }).flowing();
    driver.offers(offerOf('o1'), offerOf('o2', { agent: 'agent-2' }), offerOf('o3', { role: 'b' })).accept('c1', ...offerIds);
    expect(driver.mesosCalls('accept')).toEqual([]);
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT' }]);
  });

  it('after its deadline is NOT_SENT: whoever decided it has decided anew', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'));
    driver.call('c1', acceptOf(driver, 'o1'), { deadlineMs: driver.now - 1 });
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: 'its deadline has passed' }]);
  });

  it('that the master refused gives its offers back', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1')).accept('c1', 'o1').result('c1', 'not-sent', '400');
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: '400' }]);
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o1'], refuseSeconds: 0 }]);
  });
});

describe('DECLINE', () => {
  it('declines what is outstanding of it', () => {
    const driver = new DriverHarness().flowing().offers(offerOf('o1'), offerOf('o2')).do({ type: 'rescind', offerId: 'o1' });
    driver.call('c1', driver.callOf({ decline: { offer_ids: ['o1', 'o2'], refuse_seconds: 60 } }));
    expect(driver.mesosCalls('decline')).toEqual([{ kind: 'decline', offerIds: ['o2'], refuseSeconds: 60 }]);
  });

  it('of offers that are all gone is NOT_SENT', () => {
    const driver = new DriverHarness().flowing().call('c1', new DriverHarness().flowing().callOf({ decline: { offer_ids: ['o1'] } }));
    expect(driver.answers).toMatchObject([{ result: 'NOT_SENT', reason: 'offer o1 is not outstanding' }]);
  });
});

describe('KILL and RECONCILE', () => {
  const kill = (driver: DriverHarness, n: number) =>
    driver.call(`k${n}`, driver.callOf({ kill: { task_id: `t${n}`, agent_id: 'agent-1', grace_seconds: 2 } }));
  const reconcile = (driver: DriverHarness, id: string, count: number) =>
    driver.call(id, driver.callOf({ reconcile: { tasks: Array.from({ length: count }, (_, n) => ({ task_id: `t${n}` })) } }));

  it('pass the grace period and the agent on', () => {
    const driver = new DriverHarness().flowing();
    kill(driver, 1);
    expect(driver.mesosCalls('kill')).toEqual([{ kind: 'kill', taskId: 't1', agentId: 'agent-1', graceSeconds: 2 }]);
  });

  it('name a limited number of tasks in an interval', () => {
    const driver = new DriverHarness({ pacedTasks: 10, paceIntervalMs: 1_000 }).flowing();
    for (let n = 0; n < 25; n += 1) kill(driver, n);
    expect(driver.mesosCalls('kill')).toHaveLength(10);
    driver.pass(1_000);
    expect(driver.mesosCalls('kill')).toHaveLength(20);
    driver.pass(1_000);
    expect(driver.mesosCalls('kill').map(({ taskId }) => taskId)).toEqual(Array.from({ length: 25 }, (_, n) => `t${n}`));
  });

  it('of many tasks leave in pieces, answered when all are sent', () => {
    const driver = new DriverHarness({ pacedTasks: 10, paceIntervalMs: 1_000 }).flowing();
    reconcile(driver, 'r1', 25).pass(2_000);
    expect(driver.mesosCalls('reconcile').map(({ tasks }) => tasks.length)).toEqual([10, 10, 5]);
    driver.result('r1', 'sent').result('r1', 'sent');
    expect(driver.answers).toEqual([]);
    driver.result('r1', 'sent');
    expect(driver.answers).toMatchObject([{ call_id: 'r1', result: 'SENT' }]);
  });

  it('without tasks are one implicit reconciliation', () => {
    const driver = new DriverHarness().flowing();
    reconcile(driver, 'r1', 0);
    expect(driver.mesosCalls('reconcile')).toEqual([{ kind: 'reconcile', tasks: [] }]);
  });

  it('that wait when the subscription ends are NOT_SENT, one that left in part is UNKNOWN', () => {
    const driver = new DriverHarness({ pacedTasks: 10 }).flowing();
    reconcile(driver, 'r1', 15);
    kill(driver, 1);
    driver.result('r1', 'sent').do({ type: 'disconnected', reason: 'cut' });
    expect(driver.answers).toMatchObject([
      { call_id: 'r1', result: 'UNKNOWN' },
      { call_id: 'k1', result: 'NOT_SENT' },
    ]);
  });

  it('come with TEARDOWN in the same protocol', () => {
    const driver = new DriverHarness().flowing().call('t1', new DriverHarness().flowing().callOf({ teardown: {} }));
    expect(driver.mesosCalls('teardown')).toHaveLength(1);
  });
});
