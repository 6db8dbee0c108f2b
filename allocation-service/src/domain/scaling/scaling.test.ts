import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { listResources } from '../views/list-resources.js';
import { currentConfig, runtimeCounts } from '../views/scaling-view.js';

const nodes = (story: Scenario): string[] => listResources(story.state, 'scaling').map(({ id, state }) => `${id} ${state}`);
const scaledTo = (count: number): Scenario => {
  const story = Scenario.leading();
  story.putNodes(count);
  story.offers(offer('o1'));
  for (let number = 0; number < count; number += 1) story.status(`node_resource_${number}_0`, 'TASK_RUNNING');
  return story.wait(2).forget();
};

describe('the scaling config', () => {
  it('makes as many nodes as it says, of its size, and survives restarts', () => {
    const story = Scenario.leading();
    expect(story.putNodes(2, { cpu_of_node: 0.5, mem_of_node: 64 }).done).toEqual({});
    story.restart().subscribe().offers(offer('o1'));
    expect(story.launched.map(({ task_id }) => task_id.value)).toEqual(['node_resource_0_0', 'node_resource_1_0']);
    expect(story.resource(0).allocated).toEqual({ cpus: 0.5, mem: 64 });
    expect(currentConfig(story.state)).toEqual({ num_of_node: 2, general_config: { cpu_of_node: 0.5, mem_of_node: 64 } });
  });

  it('keeps the size that it does not name', () => {
    const story = Scenario.leading();
    story.putNodes(1);
    expect(currentConfig(story.state)?.general_config).toEqual({ cpu_of_node: 0.2, mem_of_node: 32 });
    story.putNodes(1, { cpu_of_node: 1 });
    story.putNodes(2);
    expect(currentConfig(story.state)?.general_config).toEqual({ cpu_of_node: 1, mem_of_node: 32 });
  });

  it('resizes nodes that wait, not those that run', () => {
    const story = scaledTo(1);
    story.putNodes(2);
    story.putNodes(2, { cpu_of_node: 1 });
    expect([story.resource(0).requested.cpus, story.resource(1).requested.cpus]).toEqual([0.2, 1]);
  });

  it('counts nodes as live when they are allocated, and until their task has ended', () => {
    const story = Scenario.leading();
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 0, num_of_live_node: 0 });
    story.putNodes(2);
    story.offers(offer('o1')).status('node_resource_0_0', 'TASK_RUNNING').status('node_resource_1_0', 'TASK_RUNNING').wait(1);
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 2, num_of_live_node: 0 });
    story.wait(1);
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 2, num_of_live_node: 2 });
    story.putNodes(0);
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 0, num_of_live_node: 2 });
    story.status('node_resource_0_0', 'TASK_KILLED');
    expect(runtimeCounts(story.state).num_of_live_node).toBe(1);
  });

  it('going down takes the unready first, of those the youngest, and kills at once', () => {
    const story = scaledTo(2);
    story.putNodes(6);
    story.offers(offer('o2', { cpus: 0.4 })).forget();
    story.putNodes(3);
    expect(nodes(story).slice(2)).toEqual(['resource_2 LAUNCHED', 'resource_3 STOPPING', 'resource_4 STOPPED', 'resource_5 STOPPED']);
    expect(story.killed).toEqual(['node_resource_3_0']);
    story.putNodes(1);
    expect(story.killed).toEqual(['node_resource_3_0', 'node_resource_2_0', 'node_resource_1_0']);
  });

  it('replaces a node that is lost, without an event', () => {
    const story = scaledTo(2).status('node_resource_1_0', 'TASK_FAILED').wait(1).offers(offer('o2'));
    expect(nodes(story)).toEqual(['resource_0 RUNNING', 'resource_1 FAILED', 'resource_2 LAUNCHED']);
    expect(story.clientEvents).toEqual([]);
  });

  it('relaunches a node that dies early as the same resource', () => {
    const story = Scenario.leading();
    story.putNodes(1);
    story
      .offers(offer('o1'))
      .status('node_resource_0_0', 'TASK_FAILED')
      .wait(1)
      .offers(offer('o2', { agent: 'agent-2' }));
    expect(nodes(story)).toEqual(['resource_0 LAUNCHED']);
  });

  it.each([
    ['num_of_node', { num_of_node: -1 }],
    ['num_of_node', { num_of_node: 1.5 }],
    ['num_of_node', { num_of_node: '5' }],
    ['num_of_node', { num_of_node: 1e9 }],
    ['num_of_node', {}],
    ['general_config', { num_of_node: 1, general_config: [] }],
    ['general_config.cpu_of_node', { num_of_node: 1, general_config: { cpu_of_node: -0.1 } }],
    ['general_config.mem_of_node', { num_of_node: 1, general_config: { mem_of_node: Number.NaN } }],
    ['general_config.gpus', { num_of_node: 1, general_config: { gpus: 1 } }],
    ['nodes', { num_of_node: 1, nodes: 1 }],
    ['', null],
  ])('with a bad %s is refused, naming it, and changes nothing', (field, config) => {
    const story = scaledTo(1);
    story.send({ type: 'put-config', messageId: 'm', config: config as never });
    const reply = story.effects.find((effect) => effect.type === 'reply');
    expect(reply).toMatchObject({ replyTo: 'http:m', reply: { error: { code: 'INVALID', field } } });
    expect(currentConfig(story.state)?.num_of_node).toBe(1);
    expect(nodes(story)).toEqual(['resource_0 RUNNING']);
  });
});
