import { describe, expect, it } from 'vitest';
import { FutureStateError } from './future-state-error.js';
import { loadState } from './machine.js';
import { fromMaster, offer } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';
import { defaultSettings } from './settings.js';
import { listResources } from './views/list-resources.js';

describe('the durable state', () => {
  it('holds all that was answered and decided', () => {
    const story = Scenario.leading();
    story.allocate({ count: 3 });
    story.putNodes(1);
    story
      .offers(offer('o1', { cpus: 2.2 }))
      .status('streams_resource_0_0', 'TASK_RUNNING')
      .wait(2);
    story.settle();
    story.status('streams_resource_1_0', 'TASK_UNREACHABLE', fromMaster);
    story.release(['resource_0']);
    const before = listResources(story.state);
    const tasks = [...story.state.tasks.keys()];
    story.restart();
    expect(listResources(story.state)).toEqual(before);
    expect([...story.state.tasks.keys()]).toEqual(tasks);
    expect(story.state.tasks.get('streams_resource_1_0')?.supersededAt).toBeDefined();
  });

  it('of a newer version is refused, saying what to do', () => {
    const records = [{ table: 'meta', key: 'state', value: { version: 2 } }];
    expect(() => loadState(records, defaultSettings, 0)).toThrow(FutureStateError);
    expect(() => loadState(records, defaultSettings, 0)).toThrow(/version 2.*up to 1/);
  });

  it('forgets what ended long ago, or long before a thousand others', () => {
    const story = Scenario.leading({ endedKept: { count: 3, secs: 86_400 } });
    story.putNodes(5);
    // The youngest node ends first.
    story.putNodes(0);
    story.allocate();
    story.release(['resource_5']);
    expect(listResources(story.wait(61).state).map(({ id }) => id)).toEqual(['resource_0', 'resource_1', 'resource_5']);
    expect(listResources(story.wait(86_400 + 60).state)).toEqual([]);
    expect([...story.records.keys()]).toEqual(['meta state', 'config scaling', 'request scaling']);
  });

  it('loads and serves 10,000 resources without delay', () => {
    const story = Scenario.leading();
    story.putNodes(10_000, { cpu_of_node: 0.001, mem_of_node: 0.001 });
    story.offers(offer('o1', { cpus: 64, mem: 65_536 }));
    for (let number = 0; number < 10_000; number += 1) story.status(`node_resource_${number}_0`, 'TASK_RUNNING');
    const begin = performance.now();
    story.restart().subscribe();
    for (let number = 0; number < 1_000; number += 1) story.status(`node_resource_${number}_0`, 'TASK_RUNNING', fromMaster);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
