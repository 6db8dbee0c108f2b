import { describe, expect, it } from 'vitest';
import { DriverHarness, offerOf } from '../../testing/driver-harness.js';

const publishedNow = (driver: DriverHarness) => driver.published.map(({ sequence }) => sequence);

describe('updates', () => {
  it('are numbered within the subscription and published', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_RUNNING', 'u1').update('t2', 'TASK_RUNNING', 'u2');
    expect(driver.published).toMatchObject([
      { subscription: { term: 3, counter: 1 }, sequence: 1, status: { uuid: 'u1' } },
      { subscription: { term: 3, counter: 1 }, sequence: 2, status: { uuid: 'u2' } },
    ]);
  });

  it('are acknowledged to Mesos only after the broker confirmed them', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_RUNNING', 'u1');
    expect(driver.mesosCalls('acknowledge')).toEqual([]);
    const [update] = driver.published;
    driver.do({ type: 'update-published', update: update! });
    expect(driver.mesosCalls('acknowledge')).toMatchObject([{ status: { uuid: 'u1' } }]);
    expect(driver.state.updates.held).toBe(0);
  });

  it('without a uuid are not acknowledged: the master made them', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_LOST');
    driver.do({ type: 'update-published', update: driver.published[0]! });
    expect(driver.mesosCalls('acknowledge')).toEqual([]);
  });

  it('of one task are published one after the other', () => {
    const driver = new DriverHarness()
      .flowing()
      .update('t1', 'TASK_RUNNING', 'u1')
      .update('t1', 'TASK_FAILED', 'u2')
      .update('t2', 'TASK_RUNNING');
    expect(publishedNow(driver)).toEqual([1, 3]);
    driver.do({ type: 'update-published', update: driver.published[0]! });
    expect(publishedNow(driver)).toEqual([1, 3, 2]);
  });

  it('that were not confirmed are published again, ahead of later ones of their task, and not acknowledged', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_RUNNING', 'u1').update('t1', 'TASK_FAILED', 'u2');
    driver.do({ type: 'update-unpublished', update: driver.published[0]!, obstacle: 'queue', reason: 'nacked' });
    expect(publishedNow(driver)).toEqual([1]);
    driver.pass(600);
    expect(publishedNow(driver)).toEqual([1, 1]);
    expect(driver.mesosCalls('acknowledge')).toEqual([]);
  });

  it('that can never be published make room for the next of their task', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_RUNNING', 'u1').update('t1', 'TASK_FAILED', 'u2');
    driver.do({ type: 'update-unpublished', update: driver.published[0]!, obstacle: 'none', reason: 'not encodable' });
    expect(publishedNow(driver)).toEqual([1, 2]);
    expect(driver.mesosCalls('acknowledge')).toEqual([]);
  });

  it('sent again by the agent while in hand are not published twice', () => {
    const driver = new DriverHarness().flowing().update('t1', 'TASK_RUNNING', 'u1').update('t1', 'TASK_RUNNING', 'u1');
    expect(publishedNow(driver)).toEqual([1]);
    expect(driver.effects).toContainEqual({ type: 'update-dropped', because: 'duplicate' });
  });

  it('are in flight in a bounded number', () => {
    const driver = new DriverHarness({ updatesInFlight: 2 }).flowing();
    for (const task of ['t1', 't2', 't3']) driver.update(task, 'TASK_RUNNING', task);
    expect(publishedNow(driver)).toEqual([1, 2]);
    driver.do({ type: 'update-published', update: driver.published[1]! });
    expect(publishedNow(driver)).toEqual([1, 2, 3]);
  });

  it('wait while the broker is away, and beyond the bound are dropped unacknowledged', () => {
    const driver = new DriverHarness({ updatesHeld: 2 }).flowing().do({ type: 'broker', up: false });
    for (const task of ['t1', 't2', 't3']) driver.update(task, 'TASK_RUNNING', task);
    expect(publishedNow(driver)).toEqual([]);
    expect(driver.effects).toContainEqual({ type: 'update-dropped', because: 'resent' });
    driver.do({ type: 'broker', up: true });
    expect(publishedNow(driver)).toEqual([1, 2]);
    expect(driver.mesosCalls('acknowledge')).toEqual([]);
  });

  it('that nobody sends again are asked for by reconciliation once there is room', () => {
    const driver = new DriverHarness({ updatesHeld: 1 }).flowing().do({ type: 'broker', up: false });
    driver.update('t1', 'TASK_RUNNING', 'u1').update('t2', 'TASK_UNREACHABLE').do({ type: 'broker', up: true });
    expect(driver.mesosCalls('reconcile')).toEqual([]);
    driver.do({ type: 'update-published', update: driver.published[0]! });
    expect(driver.mesosCalls('reconcile')).toEqual([{ kind: 'reconcile', tasks: [{ taskId: 't2', agentId: 'agent-1' }] }]);
    driver.pass(5_000);
    expect(driver.mesosCalls('reconcile')).toHaveLength(1);
  });

  it('missed in too great a number lead to one implicit reconciliation', () => {
    const driver = new DriverHarness({ updatesHeld: 1, missedTasksRemembered: 2 }).flowing().do({ type: 'broker', up: false });
    for (const task of ['t1', 't2', 't3', 't4', 't5']) driver.update(task, 'TASK_UNREACHABLE');
    driver.do({ type: 'broker', up: true }).do({ type: 'update-published', update: driver.published[0]! });
    expect(driver.mesosCalls('reconcile')).toEqual([{ kind: 'reconcile', tasks: [] }]);
  });

  it('start again at 1 in the next subscription, behind those still held of the one before', () => {
    const driver = new DriverHarness()
      .flowing()
      .update('t1', 'TASK_RUNNING', 'u1')
      .do({ type: 'disconnected', reason: 'cut' })
      .subscribe([]);
    driver.update('t1', 'TASK_FAILED', 'u2').do({ type: 'update-published', update: driver.published[0]! });
    expect(driver.published.map(({ subscription, sequence }) => [subscription.counter, sequence])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('that no queue takes are tried ever more seldom, one of them, up to a limit, and then all at once', () => {
    const driver = new DriverHarness({ retry: { firstMs: 500, maxMs: 4_000 } }).flowing();
    for (const task of ['t1', 't2', 't3']) driver.update(task, 'TASK_RUNNING', task).update(task, 'TASK_FAILED', `${task}-end`);
    const returned = () => driver.drain().flatMap((effect) => (effect.type === 'publish-update' ? [effect.update] : []));
    const fail = () => {
      const updates = returned();
      for (const update of updates) driver.do({ type: 'update-unpublished', update, obstacle: 'queue', reason: 'returned' });
      return updates.length;
    };
    expect(fail()).toBe(3);
    const pauses: number[] = [];
    for (let since = driver.now; pauses.length < 6;) {
      driver.pass(100);
      if (fail() === 0) continue;
      pauses.push(driver.now - since);
      since = driver.now;
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    driver.pass(4_000);
    const [tried] = returned();
    driver.do({ type: 'update-published', update: tried! });
    expect(returned()).toHaveLength(3);
    expect(driver.state.updates.inFlight.size).toBe(3);
  });

  it('of one task that the broker refuses hold up that task only, in their order', () => {
    const driver = new DriverHarness({ retry: { firstMs: 500, maxMs: 4_000 } }).flowing();
    driver.update('t1', 'TASK_RUNNING', 'u1').update('t1', 'TASK_FAILED', 'u2');
    driver.do({ type: 'update-unpublished', update: driver.published[0]!, obstacle: 'task', reason: 'nacked' });
    driver.update('t2', 'TASK_RUNNING', 'u3');
    expect(publishedNow(driver)).toEqual([1, 3]);
    driver.pass(400);
    expect(publishedNow(driver)).toEqual([1, 3]);
    driver.pass(200);
    expect(publishedNow(driver)).toEqual([1, 3, 1]);
    driver.do({ type: 'update-unpublished', update: driver.published[0]!, obstacle: 'task', reason: 'nacked' }).pass(900);
    expect(publishedNow(driver)).toEqual([1, 3, 1]);
    driver.pass(200);
    driver.do({ type: 'update-published', update: driver.published[0]! });
    expect(publishedNow(driver)).toEqual([1, 3, 1, 1, 2]);
  });

  it('wait no longer once the broker is back, whose queues are declared anew', () => {
    const driver = new DriverHarness({ retry: { firstMs: 60_000, maxMs: 60_000 } }).flowing();
    driver.update('t1', 'TASK_RUNNING', 'u1').update('t2', 'TASK_RUNNING', 'u2');
    const [first, second] = driver.published;
    driver.do({ type: 'update-unpublished', update: first!, obstacle: 'task', reason: 'nacked' });
    driver.do({ type: 'update-unpublished', update: second!, obstacle: 'queue', reason: 'returned' });
    driver.do({ type: 'broker', up: false }).do({ type: 'broker', up: true });
    expect(publishedNow(driver)).toEqual([1, 2, 2, 1]);
  });

  it('tried again when the broker came back are not tried twice: those already on their way stay there', () => {
    const driver = new DriverHarness({ retry: { firstMs: 500, maxMs: 500 }, updatesInFlight: 2 }).flowing();
    driver.update('t1', 'TASK_RUNNING', 'u1').update('t2', 'TASK_RUNNING', 'u2').update('t3', 'TASK_RUNNING', 'u3');
    const [first, second] = driver.published;
    driver.do({ type: 'update-unpublished', update: first!, obstacle: 'task', reason: 'nacked' });
    // the second is tried again and on its way, or waits for room: the third took its place
    driver.do({ type: 'update-unpublished', update: second!, obstacle: 'task', reason: 'nacked' }).pass(600);
    expect(publishedNow(driver)).toEqual([1, 2, 3, 1]);
    driver.do({ type: 'broker', up: false }).do({ type: 'broker', up: true });
    driver.do({ type: 'update-published', update: driver.published[2]! });
    expect(publishedNow(driver)).toEqual([1, 2, 3, 1, 2]);
    driver.do({ type: 'update-published', update: first! }).do({ type: 'update-published', update: second! });
    expect(publishedNow(driver)).toEqual([1, 2, 3, 1, 2]);
    expect(driver.state.updates.held).toBe(0);
  });

  it('that wait for the broker never hold offers up, which would be stale when they come', () => {
    const driver = new DriverHarness({ updatesInFlight: 1 }).flowing();
    for (const task of ['t1', 't2', 't3']) driver.update(task, 'TASK_RUNNING', task);
    driver.do({ type: 'update-unpublished', update: driver.published[0]!, obstacle: 'queue', reason: 'returned' });
    driver.drain();
    driver.offers(offerOf('o1'));
    expect(driver.announcements('offers')).toHaveLength(1);
  });
});
