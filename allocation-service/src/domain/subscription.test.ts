import { describe, expect, it } from 'vitest';
import { fromMaster, offer, reconciliation } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';
import { readiness } from './views/readiness.js';
import { runtimeCounts } from './views/scaling-view.js';

const explicit = (story: Scenario): string[][] => story.reconciled.filter((tasks) => tasks.length > 0);
const implicit = (story: Scenario): number => story.reconciled.filter((tasks) => tasks.length === 0).length;
const twoNodes = (): Scenario => {
  const story = Scenario.leading();
  story.putNodes(2);
  return story.offers(offer('o1')).status('node_resource_0_0', 'TASK_RUNNING').status('node_resource_1_0', 'TASK_RUNNING').wait(2).forget();
};

describe('a leader', () => {
  it('says hello until it is answered, and is not ready before', () => {
    const story = new Scenario().restart();
    expect(story.effects.map(({ type }) => type)).toEqual(['hello', 'desired-state']);
    expect(readiness(story.state)).toMatchObject({ ready: false, reasons: [expect.stringContaining('not subscribed')] });
    expect(story.wait(12).hellos).toBe(3);
    expect(readiness(story.subscribe().state).ready).toBe(true);
    expect(story.wait(12).hellos).toBe(3);
  });

  it('says hello when a message is of a subscription that was not announced, once a second at most', () => {
    const story = Scenario.leading().wait(10).forget();
    const offers = { type: 'offers', subscription: { term: 2, counter: 1 }, allocationTerm: 1, offers: [offer('o1')] } as const;
    story.send(offers).send(offers);
    expect(story.hellos).toBe(1);
    expect(story.calls).toEqual([]);
  });

  it('asks for the subscription when it ended and no new one was announced, and when calls are not carried out', () => {
    const ended = Scenario.leading()
      .wait(60)
      .forget()
      .send({ type: 'unsubscribed', subscription: { term: 1, counter: 1 } })
      .wait(10);
    expect(ended.hellos).toBe(2);
    const changed = Scenario.leading().wait(60).forget();
    for (const callId of ['1-1', '1-2']) changed.send({ type: 'call-answered', callId, result: 'UNKNOWN' });
    expect(changed.hellos).toBe(1);
  });

  it('ignores the announcement and the end of an older subscription', () => {
    const story = Scenario.leading().resubscribe();
    story.send({ type: 'subscribed', subscription: { term: 1, counter: 1 }, frameworkId: 'framework-0' });
    story.send({ type: 'unsubscribed', subscription: { term: 1, counter: 1 } });
    expect(readiness(story.state).ready).toBe(true);
    expect(story.state.durable.frameworkId).toBe('framework-1');
  });
});

describe('reconciliation', () => {
  it('follows each subscription, takeover and reconnection, for every task and implicitly', () => {
    for (const happens of [
      (story: Scenario) => story.resubscribe(),
      (story: Scenario) => story.restart().subscribe(),
      (story: Scenario) => story.send({ type: 'reconnected' }).subscribe(),
    ]) {
      const story = happens(twoNodes());
      expect(explicit(story)).toEqual([['node_resource_0_0', 'node_resource_1_0']]);
      expect(implicit(story)).toBe(1);
      expect(story.calls.find(({ call }) => call.reconcile !== undefined)?.call.reconcile?.tasks?.[0]?.agent_id).toBe('agent-1');
    }
  });

  it('asks again for those that no status came for, ever more rarely', () => {
    const story = twoNodes().resubscribe().status('node_resource_0_0', 'TASK_RUNNING', reconciliation).forget().wait(62);
    expect(explicit(story)).toEqual(Array.from({ length: 5 }, () => ['node_resource_1_0']));
    story.status('node_resource_1_0', 'TASK_RUNNING', reconciliation).forget().wait(500);
    expect(explicit(story)).toEqual([]);
  });

  it('of everything comes by itself every ten minutes', () => {
    const story = twoNodes().wait(600);
    expect(explicit(story)).toContainEqual(['node_resource_0_0', 'node_resource_1_0']);
  });

  it('goes in calls of bounded size', () => {
    const story = Scenario.leading();
    story.putNodes(1200, { cpu_of_node: 0.001, mem_of_node: 0.001 });
    story.offers(offer('o1')).forget().resubscribe();
    expect(explicit(story).map((tasks) => tasks.length)).toEqual([500, 500, 200]);
  });

  it('follows the failure of an agent or executor', () => {
    const story = twoNodes().send({ type: 'failure', subscription: { term: 1, counter: 1 }, agentId: 'agent-1' });
    expect(explicit(story)).toEqual([['node_resource_0_0', 'node_resource_1_0']]);
    story.forget().send({ type: 'failure', subscription: { term: 1, counter: 1 }, agentId: 'agent-1', executorId: 'node_resource_1_0' });
    expect(explicit(story)).toEqual([['node_resource_1_0']]);
  });
});

describe('another framework id', () => {
  it('means that all earlier tasks are gone: revoked, launched anew or replaced', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o1')).status('streams_resource_0_0', 'TASK_RUNNING').wait(2);
    story.settle();
    story.allocate({ request_id: 'early' });
    story.putNodes(1);
    story.offers(offer('o2')).status('node_resource_2_0', 'TASK_RUNNING').wait(2).forget();
    story.frameworkId = 'framework-2';
    story.resubscribe();
    expect(story.clientEvents.map(({ kind, resources }) => [kind, resources?.[0]?.id])).toEqual([['REVOKED', 'resource_0']]);
    expect(story.resource(1).state).toBe('NEW');
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 1, num_of_live_node: 0 });
    expect(explicit(story)).toEqual([]);
    story.wait(0).offers(offer('o3'));
    expect(story.launched.map(({ task_id }) => task_id.value)).toEqual(['streams_resource_1_1', 'node_resource_3_0']);
  });

  it('has what was allocated FAILED and revoked once, whatever is said of its task later and to whom', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o1')).status('streams_resource_0_0', 'TASK_RUNNING').wait(2);
    story.settle();
    story.allocate({ request_id: 'waiting', each: { cpus: 99, mem: 1 } });
    story.frameworkId = 'framework-2';
    story.forget().resubscribe().subscribe();
    expect(story.resource(0)).toMatchObject({ state: 'FAILED', request_state: 'REQUEST_RELEASED', completion: 'LOST' });
    story.status('streams_resource_0_0', 'TASK_KILLED').resubscribe().restart().subscribe().status('streams_resource_0_0', 'TASK_LOST');
    story.wait(1000);
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
    expect(story.offers(offer('o2', { cpus: 100 })).launched.map(({ name }) => name)).toContain('resource_1');
  });

  it('is not taken back by what an earlier subscription said, delivered again to another leader', () => {
    const story = Scenario.leading();
    story.frameworkId = 'framework-2';
    story.resubscribe().putNodes(1);
    story.offers(offer('o1')).status('node_resource_0_0', 'TASK_RUNNING').restart();
    story.send({ type: 'subscribed', subscription: { term: 1, counter: 1 }, frameworkId: 'framework-1', answersTerm: 1 });
    expect(story.state.durable.frameworkId).toBe('framework-2');
    expect(story.resource(0).state).toBe('RUNNING');
  });
});

describe('a task that no record knows', () => {
  const stranger = 'node_resource_77_3';
  const named = (story: Scenario): Scenario => story.status(stranger, 'TASK_RUNNING', reconciliation);
  /** Mesos was silent about unknown tasks for long enough. */
  const grown = (): Scenario => twoNodes().wait(1000).forget();

  it('is killed when two implicit reconciliations named it, not before', () => {
    const story = named(named(grown().resubscribe())).status(stranger, 'TASK_RUNNING');
    expect(story.killed).toEqual([]);
    named(story.wait(15));
    expect(story.killed).toEqual([stranger]);
    expect(story.wait(10).killed).toHaveLength(3);
    story.status(stranger, 'TASK_KILLED').forget().wait(60);
    expect(story.killed).toEqual([]);
  });

  it('is left alone when the second reconciliation no longer names it', () => {
    const story = named(grown().resubscribe()).wait(60);
    named(story);
    expect(story.killed).toEqual([]);
  });

  it('is never killed by a state that began empty: not ready, with the remedy, over restarts', () => {
    const story = named(Scenario.leading());
    for (let round = 0; round < 5; round += 1) named(story.wait(15));
    story.restart().subscribe();
    for (let round = 0; round < 5; round += 1) named(story.wait(15));
    expect(story.killed).toEqual([]);
    expect(readiness(story.state)).toMatchObject({
      ready: false,
      reasons: [expect.stringMatching(/node_resource_77_3.*reconcile --kill/)],
    });
    story.allocate();
    expect(story.resource(78).state).toBe('NEW');
  });

  it('of a state that began empty is killed once an operator says so', () => {
    const story = named(named(Scenario.leading()).wait(15));
    expect(story.killed).toEqual([]);
    named(story.killUnknownTasks());
    named(story.wait(15));
    expect(new Set(story.killed)).toEqual(new Set([stranger]));
    story.status(stranger, 'TASK_KILLED');
    expect(readiness(story.state).ready).toBe(true);
  });

  it('is forgotten when it has ended', () => {
    const story = named(Scenario.leading()).status(stranger, 'TASK_FINISHED');
    expect(readiness(story.state).ready).toBe(true);
  });

  it('that the master does not know either is nothing', () => {
    const story = grown().status('x', 'TASK_UNKNOWN', fromMaster).status('x', 'TASK_GONE', fromMaster);
    expect(story.state.leader.unknownTasks.size).toBe(0);
  });
});
