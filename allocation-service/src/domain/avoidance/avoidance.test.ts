import { describe, expect, it } from 'vitest';
import type { Request } from '../model.js';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { avoidedSince } from './avoided-agents.js';

const requestOf = (story: Scenario, id: string): Request => {
  const request = story.state.requests.get(JSON.stringify(['client-1', id]));
  if (request === undefined) throw new Error(`no ${id}`);
  return request;
};
const isAvoided = (story: Scenario, id: string, agent: string): boolean =>
  avoidedSince(story.state, requestOf(story, id), agent) !== undefined;

/** Knows four agents. */
const amongFour = (): Scenario => {
  const story = Scenario.leading({ maxResourcesPerRequest: 10 });
  story.allocate({ request_id: 'huge', each: { cpus: 1000, mem: 1 } });
  return story.offers(...[1, 2, 3, 4].map((agent) => offer(`first-${agent}`, { agent: `agent-${agent}` })));
};

let offers = 0;
/** Asks for a resource, which is launched on the agent and dies. */
const diesOn = (story: Scenario, id: string, agent: string, command = `run ${id}`): Scenario => {
  story.allocate({ request_id: id, workload: { command } });
  launch(story, agent);
  return story.status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_FAILED');
};
const launch = (story: Scenario, agent: string): Scenario => {
  offers += 1;
  return story.offers(offer(`more-${offers}`, { agent }));
};

describe('an agent on which a task died early', () => {
  it('is avoided by its request at once, by others not', () => {
    const story = amongFour();
    diesOn(story, 'a', 'agent-1').allocate({ request_id: 'b', workload: { command: 'other' } });
    expect([isAvoided(story, 'a', 'agent-1'), isAvoided(story, 'b', 'agent-1')]).toEqual([true, false]);
    expect([isAvoided(story, 'a', 'agent-2'), isAvoided(story, 'huge', 'agent-1')]).toEqual([false, false]);
  });

  it('makes its request wait anew for other agents, also when it waited in vain for some before', () => {
    const story = amongFour();
    story.allocate({ request_id: 'a', count: 3, each: { cpus: 4, mem: 1 } });
    const dies = (agent: string): Scenario =>
      launch(story, agent)
        .status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_FAILED')
        .wait(3);
    dies('agent-1');
    launch(story, 'agent-1').wait(5);
    dies('agent-2').forget();
    expect(launch(story, 'agent-2').launched).toEqual([]);
    expect(launch(story.wait(5), 'agent-2').launched).toHaveLength(1);
  });

  it('is avoided by everybody when two different workloads did', () => {
    const story = diesOn(diesOn(amongFour(), 'a', 'agent-1'), 'b', 'agent-1');
    expect(isAvoided(story, 'huge', 'agent-1')).toBe(true);
  });

  it('is not avoided by everybody because one workload dies there again and again', () => {
    const story = diesOn(diesOn(amongFour(), 'a', 'agent-1', 'exit 1'), 'b', 'agent-1', 'exit 1');
    expect([isAvoided(story, 'huge', 'agent-1'), isAvoided(story, 'b', 'agent-1')]).toEqual([false, true]);
  });

  it.each(['before', 'after'])('is avoided by everybody when the workload lives elsewhere, found out %s the death', (when) => {
    const story = amongFour();
    const live = (): void => {
      story.allocate({ request_id: 'lives', workload: { command: 'same' } });
      launch(story, 'agent-2')
        .status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_RUNNING')
        .wait(2);
    };
    if (when === 'before') live();
    diesOn(story, 'a', 'agent-1', 'same');
    if (when === 'after') live();
    expect([isAvoided(story, 'huge', 'agent-1'), isAvoided(story, 'huge', 'agent-2')]).toEqual([true, false]);
  });

  it('is avoided by the next leader too, for a while', () => {
    const story = diesOn(diesOn(amongFour(), 'a', 'agent-1'), 'b', 'agent-1')
      .restart()
      .subscribe();
    story.offers(offer('again-1'), offer('again-2', { agent: 'agent-2' }));
    expect([isAvoided(story, 'huge', 'agent-1'), isAvoided(story, 'a', 'agent-1')]).toEqual([true, true]);
    story.wait(3600);
    expect([isAvoided(story, 'huge', 'agent-1'), isAvoided(story, 'a', 'agent-1')]).toEqual([false, false]);
    expect([...story.records.keys()].filter((key) => key.startsWith('early-death'))).toEqual([]);
  });

  it('is welcome again when more than half of the agents would be avoided, the one avoided longest ago first', () => {
    const story = amongFour();
    diesOn(story, 'a', 'agent-1');
    for (const agent of ['agent-2', 'agent-3']) {
      launch(story.wait(60), agent).status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_FAILED');
    }
    expect(['agent-1', 'agent-2', 'agent-3'].map((agent) => isAvoided(story, 'a', agent))).toEqual([false, true, true]);
  });

  it.each([
    ['a TASK_ERROR', 'TASK_ERROR', { source: 'SOURCE_AGENT' }],
    ['an invalid offer', 'TASK_DROPPED', { source: 'SOURCE_MASTER', reason: 'REASON_INVALID_OFFERS' }],
    ['an agent that is away', 'TASK_UNREACHABLE', { source: 'SOURCE_MASTER' }],
  ] as const)('is not avoided for %s', (_what, state, more) => {
    const story = amongFour();
    story.allocate({ request_id: 'a' });
    launch(story, 'agent-1').status(story.launched.at(-1)?.task_id.value ?? '', state, more);
    expect(story.resource(1).state).toBe('NEW');
    expect(isAvoided(story, 'a', 'agent-1')).toBe(false);
  });

  it('is avoided by nobody once an operator returns it, and offered again to who waits', () => {
    const story = amongFour();
    diesOn(story, 'a', 'agent-1');
    diesOn(story, 'b', 'agent-1');
    expect(['a', 'b'].map((id) => isAvoided(story, id, 'agent-1'))).toEqual([true, true]);
    const revives = story.wait(2).desired?.revive_counter ?? 0;
    story.send({ type: 'return-agent', messageId: 'm', agentId: 'agent-1' });
    expect(['a', 'b'].map((id) => isAvoided(story, id, 'agent-1'))).toEqual([false, false]);
    expect(story.wait(2).desired?.revive_counter).toBeGreaterThan(revives);
    story.restart();
    expect(['a', 'b'].map((id) => isAvoided(story, id, 'agent-1'))).toEqual([false, false]);
  });

  it('is not avoided for our own kill', () => {
    const story = amongFour();
    story.allocate({ request_id: 'a' });
    launch(story, 'agent-1').release(['resource_1']);
    story.status(story.killed.at(-1) ?? '', 'TASK_KILLED');
    expect(isAvoided(story, 'a', 'agent-1')).toBe(false);
  });
});
