import type { Workload } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { allocateBody, offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const DEFERRED: Workload = { command: '', deferred: true, environment: { LANG: 'C' } };

/** One resource with a deferred workload, and an offer that is held for it. */
const held = (count = 1, settings = {}): Scenario => {
  const story = Scenario.leading(settings);
  story.allocate({ count, workload: DEFERRED });
  return story.forget().offers(offer('o1'));
};

const asked = (story: Scenario) =>
  story.questions.flatMap((question) => ('resolve_workload' in question ? [question.resolve_workload] : []));

const answer = (story: Scenario, index = 0, workload: Workload | undefined = { command: 'start' }, error?: string): Scenario =>
  story.send({ type: 'workload-resolved', askId: asked(story)[index]?.ask_id ?? '', workload, error });

describe('a resource whose start command is made for its host', () => {
  it('holds its offer until a streams-bridge has told the command, and is launched with it', () => {
    const story = held();
    expect(story.accepts).toEqual([]);
    expect(story.declined).toEqual([]);
    expect(asked(story)).toMatchObject([
      {
        allocation_term: 1,
        workload: DEFERRED,
        resource: {
          id: 'resource_0',
          state: 'NEW',
          labels: { tags: 'ingest' },
          task_id: 'streams_resource_0_0',
          agent_id: 'agent-1',
          host: 'agent-1.example',
          allocated: { cpus: 1, mem: 1024 },
        },
      },
    ]);
    answer(story, 0, { command: 'exec controller --host agent-1', kill_grace_seconds: 9, user: 'streams' });
    expect(story.accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o1']]);
    expect(story.launched).toMatchObject([
      {
        task_id: { value: 'streams_resource_0_0' },
        command: { value: 'exec controller --host agent-1', user: 'streams' },
        kill_policy: { grace_period: { nanoseconds: 9e9 } },
      },
    ]);
    expect(story.resource(0)).toMatchObject({ state: 'LAUNCHED', host: 'agent-1.example' });
    expect(story.record('task', 'streams_resource_0_0')).toMatchObject({ killGraceSecs: 9 });
    // Whatever comes now comes too late.
    expect(answer(story).wait(10).accepts).toHaveLength(1);
    expect(story.declined).toEqual([]);
  });

  it('waits for another offer, with a back-off, when no answer comes in 2 s', () => {
    const story = held();
    story.wait(1.9);
    expect(story.declined).toEqual([]);
    story.wait(0.1);
    expect(story.declined).toEqual(['o1']);
    expect(story.resource(0).message).toContain('start command');
    expect(story.state.requests.values().next().value?.lastWorkloadFault).toEqual({ message: 'no answer within 2 s', at: story.now });
    answer(story);
    story.offers(offer('o2'));
    expect([story.launched, story.declined, asked(story).length]).toEqual([[], ['o1', 'o2'], 1]);
    story.wait(1).offers(offer('o3'));
    expect(asked(story)).toHaveLength(2);
    answer(story, 1);
    expect(story.launched.map(({ task_id }) => task_id.value)).toEqual(['streams_resource_0_0']);
    expect(story.state.requests.values().next().value?.lastWorkloadFault).toBeUndefined();
  });

  it.each([
    ['an error', undefined, 'the adapter is away', 'the adapter is away'],
    ['nothing', undefined, undefined, 'no reason was given'],
    ['a workload that cannot run', { command: '  ' }, undefined, 'workload.command is empty'],
  ])('waits for another offer when the answer is %s, and the reason is kept', (_what, workload, error, reason) => {
    const story = held();
    story.send({ type: 'workload-resolved', askId: asked(story)[0]?.ask_id ?? '', workload, error });
    expect(story.declined).toEqual(['o1']);
    expect(story.state.requests.values().next().value?.lastWorkloadFault?.message).toContain(reason);
    expect(story.forget().wait(1).desired?.revive_counter).toBeGreaterThan(1);
  });

  it('gets another offer at once when its own is rescinded, which is then neither used nor declined', () => {
    const story = held();
    story.send({ type: 'rescinds', subscription: story.subscription, offerIds: ['other', 'o1'] });
    answer(story).wait(5);
    expect([story.accepts, story.declined]).toEqual([[], []]);
    story.forget().offers(offer('o2'));
    expect(answer(story).accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o2']]);
  });

  it('declines what it would have used together with an offer that is rescinded', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 6, mem: 1024 }, workload: DEFERRED });
    story.forget().offers(offer('o1'), offer('o2'));
    expect(asked(story)).toHaveLength(1);
    story.send({ type: 'rescinds', subscription: story.subscription, offerIds: ['o1'] });
    expect([story.accepts, story.declined]).toEqual([[], ['o2']]);
  });

  it('gets another offer when the subscription is lost, or its leader: the offers of both are void', () => {
    const story = held();
    story.resubscribe();
    answer(story).wait(5);
    expect([story.accepts, story.declined]).toEqual([[], []]);
    story.offers(offer('o2')).restart();
    answer(story, 1).wait(5);
    expect([story.accepts, story.declined]).toEqual([[], []]);
    story.forget().subscribe().offers(offer('o3'));
    expect(answer(story).accepts.map(({ offer_ids }) => offer_ids)).toEqual([['o3']]);
    expect(story.launched).toHaveLength(1);
  });

  it('is not launched any more when it was released meanwhile', () => {
    const story = held();
    story.release(['resource_0']);
    answer(story);
    expect([story.accepts, story.declined]).toEqual([[], ['o1']]);
    expect(story.resource(0).state).toBe('STOPPED');
  });

  it('is not offered a second one while the first is held', () => {
    const story = held().offers(offer('o2', { agent: 'agent-2' }));
    expect(asked(story)).toHaveLength(1);
    expect(story.declined).toEqual(['o2']);
  });

  it('shares its offer with others of its kind in one ACCEPT, without those that have no command at the deadline', () => {
    const story = held(3);
    answer(story, 2);
    answer(story, 0);
    expect(story.accepts).toEqual([]);
    story.wait(2);
    expect(story.accepts).toHaveLength(1);
    expect(story.launched.map(({ name }) => name)).toEqual(['resource_2', 'resource_0']);
    expect(story.resource(1).state).toBe('NEW');
  });

  it('makes nobody else wait: what needs no command is launched at once, and goes second the next time', () => {
    const story = Scenario.leading();
    story.allocate({ workload: DEFERRED });
    story.allocate({ request_id: 'plain-1' });
    story.offers(offer('o1'));
    expect(story.launched.map(({ name }) => name)).toEqual(['resource_1']);
    expect(asked(story)).toEqual([]);
    story.allocate({ request_id: 'plain-2' });
    story.offers(offer('o2'));
    expect(story.launched).toHaveLength(1);
    expect(answer(story).launched.map(({ name }) => name)).toEqual(['resource_1', 'resource_0']);
    expect(story.offers(offer('o3')).launched).toHaveLength(3);
  });

  it('leaves the others spread as GROUP_BY asks when one of them has to wait for its offer', () => {
    const onRack = (id: string, rack: string) => ({
      ...offer(id, { agent: `agent-${rack}`, cpus: 2 }),
      attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: rack } }],
    });
    const story = Scenario.leading();
    story.allocate({ workload: DEFERRED });
    story.allocate({ request_id: 'plain' });
    story.offers(offer('o1', { cpus: 2 }));
    story.allocate({ request_id: 'spread', count: 3, constraints: [{ field: 'rack', operator: 'GROUP_BY', value: '2' }] });
    story.forget().offers(onRack('o2', 'a'), onRack('o3', 'b'));
    expect(asked(story)).toMatchObject([{ resource: { id: 'resource_0', agent_id: 'agent-a' } }]);
    // resource_2 had room only beside resource_0, and with nothing on rack a rack b takes only one.
    expect(story.launched.map(({ name, agent_id }) => [name, agent_id.value])).toEqual([['resource_3', 'agent-b']]);
    story.forget().offers(onRack('o4', 'a'));
    expect(story.launched.map(({ name, agent_id }) => [name, agent_id.value])).toEqual([
      ['resource_2', 'agent-a'],
      ['resource_4', 'agent-a'],
    ]);
  });

  it('gives way when the last licence was taken while it waited', () => {
    const story = Scenario.leading();
    const licences = [{ name: 'streams', count: 1 }];
    story.send({ type: 'put-config', messageId: 'c', config: { num_of_node: 0, licences: { streams: 1 } } });
    story.allocate({ workload: DEFERRED, licences });
    story.offers(offer('o1'));
    story.allocate({ request_id: 'plain', licences, priority: 1 });
    story.offers(offer('o2', { agent: 'agent-2' }));
    answer(story);
    expect(story.launched.map(({ name }) => name)).toEqual(['resource_1']);
    expect(story.declined).toEqual(['o1']);
    expect(story.resource(0).state).toBe('NEW');
  });

  it('has no command of its own', () => {
    const { error } = Scenario.leading().allocate({ ...allocateBody(), workload: { command: 'x', deferred: true } });
    expect(error).toMatchObject({ code: 'INVALID', field: 'workload.command' });
  });
});
