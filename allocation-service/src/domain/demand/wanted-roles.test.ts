import { expect, it } from 'vitest';
import { Random } from '../simulation/model/random.js';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { wantedRoles } from './wanted-roles.js';

const putLicences = (story: Scenario, count: number): Scenario =>
  story.send({ type: 'put-config', messageId: 'config', config: { num_of_node: 1, licences: { few: count } } });

/** Something that changes what could be placed, or who waits. */
const change = (story: Scenario, random: Random, number: number): void => {
  const one = random.below(12);
  const task = [...story.state.tasks.keys()][random.below(5)];
  const resource = [...story.state.resources.values()][random.below(20)];
  if (one <= 2) {
    story.allocate({
      request_id: `request-${number}`,
      count: 1 + random.below(3),
      role: ['*', 'b'][random.below(2)] ?? '*',
      workload: random.below(3) === 0 ? { command: '', deferred: true } : { command: 'x' },
      ...(random.below(3) === 0 ? { licences: [{ name: 'few', count: 1 }] } : {}),
    });
  } else if (one <= 5) story.offers({ ...offer(`offer-${number}`), allocation_info: { role: ['*', 'b'][random.below(2)] ?? '*' } });
  else if (one <= 7 && task !== undefined) story.status(task, random.below(2) === 0 ? 'TASK_RUNNING' : 'TASK_FAILED');
  else if (one === 8 && resource !== undefined) story.cancel([resource.id]);
  else if (one === 9) putLicences(story, random.below(4));
  else if (one === 10 && random.below(20) === 0) story.restart().subscribe();
  else story.wait(random.below(4));
};

it('what is wanted is what a look at all that waits finds', () => {
  const random = new Random(5);
  let stayed = 0;
  for (let history = 0; history < 20; history += 1) {
    const story = Scenario.leading({ roles: ['*', 'b'] });
    for (let number = 0; number < 150; number += 1) {
      change(story, random, number);
      expect(story.state.leader.demand.wanted).toEqual(wantedRoles(story.state, story.now));
      if (story.state.leader.demand.wanted.size === 1) stayed += 1;
    }
  }
  expect(stayed).toBeGreaterThan(300);
});

it('the end of each back-off is heard, also of one that a shorter one followed', () => {
  const story = Scenario.leading({ relaunchBackoff: { firstSecs: 10, factor: 1, maxSecs: 10 } });
  story.allocate({ count: 3 });
  story.offers(offer('o1')).status('streams_resource_0_0', 'TASK_RUNNING').status('streams_resource_1_0', 'TASK_FAILED');
  // The life of resource_0 ends the back-off of its request, so that a new one begins.
  story.wait(2).status('streams_resource_2_0', 'TASK_FAILED');
  const revives = story.desired?.revive_counter ?? 0;
  expect(story.wait(7.9).desired?.revive_counter).toBe(revives);
  expect(story.wait(0.2).desired?.revive_counter).toBe(revives + 1);
});
