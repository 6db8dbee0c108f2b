import { describe, expect, it } from 'vitest';
import { offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { readiness } from '../views/readiness.js';

const agent = (id: string) => ({ ...reconciliation, agent_id: { value: id } });

/** A state that was lost: Mesos names these tasks. */
const lost = (...taskIds: string[]): Scenario => {
  const story = Scenario.leading();
  for (const taskId of taskIds) story.status(taskId, 'TASK_RUNNING', agent('agent-1'));
  return story.forget();
};

describe('unknown tasks that an operator has adopted', () => {
  it('become scaled nodes by their name, and as many are wanted from then on', () => {
    const story = lost('node_resource_3_0', 'node_resource_5_2').adoptUnknownTasks();
    expect(story.state.scaling?.num_of_node).toBe(2);
    expect(story.reconciled).toContainEqual(['node_resource_3_0', 'node_resource_5_2']);
    for (const task of ['node_resource_3_0', 'node_resource_5_2']) story.status(task, 'TASK_RUNNING', agent('agent-1'));
    story.wait(2);
    expect(story.resource(5)).toMatchObject({
      owner: 'scaling',
      state: 'RUNNING',
      request_state: 'REQUEST_ALLOCATED',
      agent_id: 'agent-1',
    });
    expect([story.killed, readiness(story.state)]).toEqual([[], { ready: true, reasons: [] }]);
    story.restart().subscribe();
    expect(story.resource(3)).toMatchObject({ task_id: 'node_resource_3_0', allocated: { cpus: 0, mem: 0 } });
    story.putNodes(1);
    expect(story.killed).toHaveLength(1);
    story.status('node_resource_3_0', 'TASK_FAILED').status('node_resource_5_2', 'TASK_FAILED').wait(60);
    expect(story.offers(offer('o1')).launched.map(({ task_id }) => task_id.value)).toEqual(['node_resource_6_0']);
  });

  it('count for a config that is in force already', () => {
    const story = lost('node_resource_3_0', 'node_resource_5_2');
    story.putNodes(1);
    story.adoptUnknownTasks();
    expect(story.state.scaling?.num_of_node).toBe(1);
    expect([...story.state.resources.values()].filter(({ state }) => state === 'LAUNCHED')).toHaveLength(1);
  });

  it('become resources of the owner "adopted", which can be released and are not launched again', () => {
    const story = lost('streams_resource_0_0', 'streams_resource_1_4', 'something').adoptUnknownTasks();
    expect([0, 1, 2].map((number) => story.resource(number))).toMatchObject([
      { owner: 'adopted', request_id: 'streams_resource_0_0', state: 'LAUNCHED', requested: { cpus: 0, mem: 0 } },
      { owner: 'adopted', task_id: 'streams_resource_1_4' },
      { owner: 'adopted', task_id: 'something' },
    ]);
    expect(story.resource(0).host).toBeUndefined();
    story.status('streams_resource_1_4', 'TASK_FAILED').wait(60);
    expect(story.resource(1)).toMatchObject({ state: 'FAILED', completion: 'FAILED' });
    expect(story.offers(offer('o1')).launched).toEqual([]);
    story.status('something', 'TASK_RUNNING').wait(2);
    expect(story.resource(2).request_state).toBe('REQUEST_ALLOCATED');
    story.restart().subscribe().release(['resource_0'], 'adopted');
    expect(story.killed).toEqual(['streams_resource_0_0']);
    expect(story.allocate({ request_id: 'new' }).resources?.resources?.[0]?.id).toBe('resource_3');
  });

  it('get another number when theirs is taken: two launches of one resource, or one that was made since', () => {
    const story = Scenario.leading();
    story.allocate();
    for (const task of ['streams_resource_0_3', 'streams_resource_1_0', 'streams_resource_1_1']) {
      story.status(task, 'TASK_RUNNING', agent('agent-1'));
    }
    story.adoptUnknownTasks();
    expect([...story.state.resources.values()].map(({ id, placement }) => [id, placement?.taskId])).toEqual([
      ['resource_0', undefined],
      ['resource_2', 'streams_resource_0_3'],
      ['resource_1', 'streams_resource_1_0'],
      ['resource_3', 'streams_resource_1_1'],
    ]);
  });

  it('are those that are known of: what turns up later is neither adopted nor killed, and told on /readyz', () => {
    const story = lost('streams_resource_0_0').adoptUnknownTasks();
    for (let round = 0; round < 3; round += 1) story.wait(20).status('streams_resource_9_0', 'TASK_RUNNING', agent('agent-9'));
    expect(story.killed).toEqual([]);
    expect(readiness(story.state).reasons.join()).toMatch(/streams_resource_9_0.*reconcile --adopt.*reconcile --kill/);
    expect(() => story.resource(9)).toThrow();
  });

  it("leave their owner's name to themselves", () => {
    expect(Scenario.leading().allocate({ client_id: 'adopted' }).error).toMatchObject({ code: 'INVALID', field: 'client_id' });
  });
});
