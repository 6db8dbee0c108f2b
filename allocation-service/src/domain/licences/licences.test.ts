import { describe, expect, it } from 'vitest';
import { fromMaster, offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { leasedLicences } from './licences.js';

const putPool = (story: Scenario, licences: Record<string, number>, nodes = 0): Scenario =>
  story.send({ type: 'put-config', messageId: `pool-${story.term}`, config: { num_of_node: nodes, licences } });
const withPool = (count: number): Scenario => putPool(Scenario.leading(), { streams: count });
const licensed = (count: number, each = 1) => ({ count, licences: [{ name: 'streams', count: each }] });
const leased = (story: Scenario): number => leasedLicences(story.state, 'streams');
let offers = 0;
const offered = (story: Scenario, agent = 'agent-1'): Scenario => {
  offers += 1;
  return story.offers(offer(`licence-${offers}`, { agent, cpus: 8, mem: 65_536 }));
};

describe('a counted licence', () => {
  it('is leased for every task that may run, on whatever machine, and never more often than there are', () => {
    const story = withPool(3);
    story.allocate(licensed(5));
    offered(offered(story), 'agent-2');
    expect([story.launched.length, leased(story)]).toEqual([3, 3]);
  });

  it('is counted over several requests placed on one offer', () => {
    const story = withPool(3);
    story.allocate({ request_id: 'a', ...licensed(1, 2) });
    story.allocate({ request_id: 'b', ...licensed(1, 2) });
    story.allocate({ request_id: 'c', ...licensed(1, 1) });
    expect([offered(story).launched.length, leased(story)]).toEqual([2, 3]);
  });

  it('that nobody named waits until the config has it, and offers are not even asked for', () => {
    const story = withPool(3);
    story.allocate({ licences: [{ name: 'constructor', count: 1 }] });
    expect(story.desired?.roles?.[0]?.wanted).toBe(false);
    putPool(story, { constructor: 1 });
    expect(story.desired?.roles?.[0]?.wanted).toBe(true);
    expect(offered(story).launched).toHaveLength(1);
  });

  it('comes back when its task has ended, and who waits for it is offered everything once more', () => {
    const story = withPool(1);
    story.allocate(licensed(1));
    offered(story).status('streams_resource_0_0', 'TASK_RUNNING').wait(2);
    story.settle();
    story.allocate({ request_id: 'other', each: { cpus: 99, mem: 1 } });
    story.allocate({ request_id: 'next', ...licensed(1) });
    offered(story.wait(5));
    const before = story.desired?.revive_counter ?? 0;
    story.status('streams_resource_0_0', 'TASK_FINISHED').wait(1);
    expect(story.desired?.revive_counter).toBe(before + 1);
    expect(offered(story).launched).toHaveLength(2);
  });

  it('stays leased by a superseded task until that is proven to have ended', () => {
    const story = withPool(1);
    story.allocate(licensed(1));
    offered(story).status('streams_resource_0_0', 'TASK_UNREACHABLE', fromMaster);
    expect([story.resource(0).state, leased(story)]).toEqual(['NEW', 1]);
    offered(story, 'agent-2');
    expect(story.launched).toHaveLength(1);
    story.status('streams_resource_0_0', 'TASK_RUNNING').status('streams_resource_0_0', 'TASK_KILLED');
    expect(leased(story)).toBe(0);
    offered(story, 'agent-2');
    expect(story.launched).toHaveLength(2);
  });

  it('comes back when the master refused the launch and says that it does not know the task, not before', () => {
    const story = withPool(1);
    story.allocate(licensed(1));
    offered(story).forget();
    story.status('streams_resource_0_0', 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' });
    expect([story.reconciled, leased(story)]).toEqual([[['streams_resource_0_0']], 1]);
    // Another leader may be the one that is told.
    story.restart().subscribe().forget().status('streams_resource_0_0', 'TASK_GONE', reconciliation);
    expect([leased(story), story.record('task', 'streams_resource_0_0')]).toEqual([0, undefined]);
    expect(offered(story).launched.map(({ task_id }) => task_id.value)).toEqual(['streams_resource_0_1']);
  });

  it('stays leased by a task that was refused under an id that runs: that one is killed', () => {
    const story = withPool(1);
    story.allocate(licensed(1));
    offered(story).status('streams_resource_0_0', 'TASK_ERROR', { ...fromMaster, reason: 'REASON_TASK_INVALID' });
    story.forget().status('streams_resource_0_0', 'TASK_RUNNING', reconciliation);
    expect([story.killed, leased(story)]).toEqual([['streams_resource_0_0'], 1]);
    story.status('streams_resource_0_0', 'TASK_UNKNOWN', reconciliation);
    expect(leased(story)).toBe(1);
  });

  it('is as leased to the next leader as it was to the last one', () => {
    const story = withPool(3);
    story.allocate(licensed(3));
    offered(story).status('streams_resource_1_0', 'TASK_UNREACHABLE', fromMaster).status('streams_resource_2_0', 'TASK_FAILED');
    const before = leased(story);
    expect(before).toBe(2);
    expect(leased(story.restart())).toBe(before);
  });

  it('taken out of the pool ends no task: no other is launched until enough came back', () => {
    const story = withPool(2);
    story.allocate(licensed(3));
    offered(story);
    putPool(story, { streams: 1 });
    story.status('streams_resource_0_0', 'TASK_FAILED').wait(1);
    expect([story.killed, leased(offered(story))]).toEqual([[], 1]);
    expect(story.launched).toHaveLength(2);
  });

  it('stays in the pool when a config does not say how many there are', () => {
    const story = withPool(2);
    story.putNodes(1);
    expect(story.state.scaling?.licences).toEqual({ streams: 2 });
  });
});
