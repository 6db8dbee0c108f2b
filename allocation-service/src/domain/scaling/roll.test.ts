import { describe, expect, it } from 'vitest';
import type { Resource } from '../model.js';
import { SCALING } from '../resources.js';
import { Random } from '../simulation/model/random.js';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { runtimeCounts } from '../views/scaling-view.js';
import { isReadyNode } from './node-plan.js';
import { rollOf } from './scaling.js';

const nodesOf = (story: Scenario): Resource[] =>
  [...(story.state.requests.get(SCALING)?.resources ?? [])].filter((node) => node.endedAt === undefined && node.state !== 'STOPPING');
const readyOf = (story: Scenario): number => nodesOf(story).filter(isReadyNode).length;
const sizes = (story: Scenario): number[] => nodesOf(story).map((node) => node.requested.cpus);

let offers = 0;
const offered = (story: Scenario, cpus = 64): Scenario => {
  offers += 1;
  return story.offers(offer(`roll-${offers}`, { cpus, mem: 65_536 }));
};
const runAll = (story: Scenario): Scenario => {
  for (const node of nodesOf(story)) if (node.task !== undefined && !isReadyNode(node)) story.status(node.task.id, 'TASK_RUNNING');
  return story.wait(2);
};
const endKilled = (story: Scenario): Scenario => {
  for (const task of [...story.state.tasks.values()]) if (story.killed.includes(task.id)) story.status(task.id, 'TASK_KILLED');
  return story.wait(1);
};
const rolling = (count: number, settings = {}): Scenario => {
  const story = Scenario.leading(settings);
  story.putNodes(count, { cpu_of_node: 1, mem_of_node: 32 });
  runAll(offered(story)).forget();
  story.putNodes(count, { cpu_of_node: 2, mem_of_node: 32 });
  return story;
};

describe('a change of the size of the nodes', () => {
  it('goes through them one at a time, the new one before the old one', () => {
    const story = rolling(3);
    expect([sizes(story), story.killed]).toEqual([[1, 1, 1, 2], []]);
    offered(story);
    expect(story.killed).toEqual([]);
    runAll(story);
    expect([sizes(story), story.killed]).toEqual([[1, 1, 2], ['node_resource_2_0']]);
    endKilled(story);
    expect(sizes(story)).toEqual([1, 1, 2, 2]);
    for (let round = 0; round < 3; round += 1) endKilled(runAll(offered(story)));
    expect([sizes(story), readyOf(story), rollOf(story.state)]).toEqual([[2, 2, 2], 3, undefined]);
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 3, num_of_live_node: 3 });
  });

  it('does not begin for a size that is the same as Mesos counts', () => {
    const story = Scenario.leading();
    story.putNodes(1, { cpu_of_node: 0.3, mem_of_node: 32 });
    runAll(offered(story)).putNodes(1, { cpu_of_node: 0.1 + 0.2 });
    expect([sizes(story.wait(60)), rollOf(story.state)]).toEqual([[0.3], undefined]);
  });

  it('goes through several at a time if set so', () => {
    expect(sizes(rolling(3, { rollAtATime: 2 }))).toEqual([1, 1, 1, 2, 2]);
    expect(sizes(rolling(1, { rollAtATime: 5 }))).toEqual([1, 2]);
  });

  it('goes on after a takeover', () => {
    const story = runAll(offered(rolling(2)));
    story.restart().subscribe();
    for (const task of story.state.tasks.values()) story.status(task.id, story.killed.includes(task.id) ? 'TASK_KILLED' : 'TASK_RUNNING');
    expect(sizes(story.wait(2))).toEqual([1, 2, 2]);
  });

  it('waits while no offer has room for the new size, and says so', () => {
    const story = offered(rolling(2), 1).wait(60);
    expect([story.killed, readyOf(story), rollOf(story.state)]).toEqual([[], 2, { outdated: 2, waiting: 1 }]);
    expect(runtimeCounts(story.state)).toMatchObject({ rolling: { of_old_size: 2, waiting: 1 } });
    expect(story.effects).toContainEqual(
      expect.objectContaining({ type: 'log', message: expect.stringContaining('no offer has room') as string }),
    );
  });

  it('combines with another number of nodes', () => {
    const story = rolling(4);
    story.putNodes(2);
    expect([sizes(story), readyOf(story)]).toEqual([[1, 1, 2], 2]);
    story.putNodes(5);
    expect(sizes(story)).toEqual([1, 1, 2, 2, 2]);
  });

  it('replaces an old node that dies by one of the new size', () => {
    const story = rolling(2).status('node_resource_0_0', 'TASK_FAILED').wait(1);
    expect(sizes(story)).toEqual([1, 2, 2]);
  });

  it('holds its bounds whatever happens', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = new Random(seed);
      const most = random.below(2) + 1;
      const story = Scenario.leading({ rollAtATime: most });
      let wanted = random.below(5) + 1;
      story.putNodes(wanted, { cpu_of_node: 1 });
      for (let turn = 0; turn < 80; turn += 1) {
        const before = readyOf(story);
        let deaths = 0;
        const tasks = [...story.state.tasks.values()];
        const task = tasks[random.below(Math.max(1, tasks.length))];
        const dies = (): void => {
          if (task === undefined) return;
          deaths = 1;
          story.status(task.id, story.killed.includes(task.id) ? 'TASK_KILLED' : 'TASK_FAILED');
        };
        const runs = (): void => void (task === undefined || story.killed.includes(task.id) || story.status(task.id, 'TASK_RUNNING'));
        const resize = (): void => void story.putNodes(wanted, { cpu_of_node: random.below(2) + 1 });
        const rescale = (): void => void story.putNodes((wanted = random.below(6)));
        const turns = [dies, runs, runs, runs, resize, rescale, () => void offered(story), () => void story.restart().subscribe()];
        turns[random.below(turns.length)]?.();
        story.wait(random.below(4));
        const about = `seed ${seed}, turn ${turn}`;
        expect(nodesOf(story).length, about).toBeGreaterThanOrEqual(wanted);
        expect(nodesOf(story).length, about).toBeLessThanOrEqual(wanted + most);
        expect(readyOf(story) + deaths, about).toBeGreaterThanOrEqual(Math.min(before, wanted));
      }
      for (let round = 0; round < 40; round += 1) endKilled(runAll(offered(story.wait(5))));
      expect([nodesOf(story).length, readyOf(story), rollOf(story.state)], `seed ${seed}`).toEqual([wanted, wanted, undefined]);
    }
  });
});
