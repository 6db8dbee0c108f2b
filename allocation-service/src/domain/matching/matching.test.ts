import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

describe('offers', () => {
  it('are declined at once and for long when nothing waits', () => {
    const story = Scenario.leading().forget().offers(offer('o1'), offer('o2'));
    expect(story.declined).toEqual(['o1', 'o2']);
    expect(story.calls).toHaveLength(1);
    expect(story.calls[0]?.call.decline?.refuse_seconds).toBe(3600);
  });

  it('carry several resources each, in one ACCEPT an offer; what is over is refused for long', () => {
    const story = Scenario.leading();
    story.allocate({ count: 5 });
    story
      .forget()
      .offers(offer('small', { cpus: 2.9 }), offer('large', { agent: 'agent-2', cpus: 4 }), offer('over', { agent: 'agent-3' }));
    expect(story.accepts.map((accept) => accept.offer_ids)).toEqual([['small'], ['large']]);
    expect(story.accepts.map((accept) => accept.operations?.[0]?.launch?.task_infos?.length)).toEqual([2, 3]);
    expect(story.accepts[0]?.refuse_seconds).toBe(3600);
    expect(story.declined).toEqual(['over']);
  });

  it('are used by who asked first, and by others when that one finds no room', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'big', each: { cpus: 8, mem: 1 } });
    story.wait(1);
    story.allocate({ request_id: 'small', each: { cpus: 1, mem: 1 } });
    story.offers(offer('o1', { cpus: 4 }));
    expect(story.launched.map((task) => task.name)).toEqual(['resource_1']);
    story.forget().offers(offer('o2', { agent: 'agent-2', cpus: 8 }));
    expect(story.launched.map((task) => task.name)).toEqual(['resource_0']);
  });

  it('are used by who asked first of what came within a millisecond too, whoever leads', () => {
    const story = Scenario.leading();
    for (const id of ['z', 'm', 'a']) story.allocate({ request_id: id });
    story.restart().subscribe().forget();
    const used = (cpus: number) =>
      story
        .forget()
        .offers(offer(`o${story.now}`, { cpus }))
        .launched.map(({ name }) => name);
    expect(used(1)).toEqual(['resource_0']);
    story.wait(1);
    expect(used(2)).toEqual(['resource_1', 'resource_2']);
  });

  it('are used by a client before nodes that were wanted later, however long there have been nodes', () => {
    const story = Scenario.leading();
    story.putNodes(1, { cpu_of_node: 1, mem_of_node: 1 });
    story.offers(offer('o1', { cpus: 1 })).wait(1);
    story.allocate();
    story.wait(1).putNodes(2);
    story.forget().offers(offer('o2', { cpus: 1 }));
    expect(story.launched.map(({ name }) => name)).toEqual(['resource_1']);
  });

  it('of another term, subscription or from before the greeting are void', () => {
    const story = Scenario.leading();
    story.allocate();
    const { subscription } = story;
    story.forget().send({ type: 'offers', subscription, allocationTerm: story.term - 1, offers: [offer('of-old-term')] });
    story.send({
      type: 'offers',
      subscription: { term: 0, counter: 9 },
      allocationTerm: story.term,
      offers: [offer('of-old-subscription')],
    });
    story.send({ type: 'reconnected' });
    story.send({ type: 'offers', subscription, allocationTerm: story.term, offers: [offer('from-before-the-hello')] });
    expect(story.calls).toEqual([]);
    story.subscribe().offers(offer('fresh'));
    expect(story.accepts.map((accept) => accept.offer_ids)).toEqual([['fresh']]);
  });

  it('are used once, however often they are delivered', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, each: { cpus: 3, mem: 1 } });
    story.offers(offer('o1')).offers(offer('o1'));
    expect(story.accepts).toHaveLength(1);
  });

  it('are not used while unsubscribed', () => {
    const story = Scenario.leading();
    story.allocate();
    story.send({ type: 'unsubscribed', subscription: story.subscription }).forget().offers(offer('o1'));
    expect(story.calls).toEqual([]);
  });

  it('with 0 cpus and mem asked for are taken whole, what others need of them first', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'a' });
    story.wait(1);
    story.allocate({ request_id: 'whole', each: { cpus: 0, mem: 0 } });
    story.offers(offer('o1'));
    expect(story.resource(1).allocated).toEqual({ cpus: 3, mem: 7168 });
    expect(story.resource(1).requested).toEqual({ cpus: 0, mem: 0 });
  });
});

/** Agents that are known but have no room: only a part of all that are known is ever avoided. */
const crowd = [1, 2, 3, 4].map((n) => offer(`full-${n}`, { agent: `full-${n}`, cpus: 0.1 }));

describe('an agent on which a task died early', () => {
  const story = (): Scenario => {
    const begun = Scenario.leading().offers(...crowd);
    begun.allocate();
    return begun
      .offers(offer('o1', { agent: 'bad' }))
      .status('streams_resource_0_0', 'TASK_FAILED')
      .wait(1)
      .forget();
  };

  it('is passed over for any other', () => {
    const told = story().offers(offer('o2', { agent: 'bad' }), offer('o3', { agent: 'good' }));
    expect(told.launched.map((task) => task.agent_id.value)).toEqual(['good']);
    expect(told.declined).toEqual(['o2']);
  });

  it('is used when for some seconds no other had room, after one more revive; the one avoided longest ago first', () => {
    const told = story()
      .offers(offer('o2', { agent: 'worse' }))
      .status('streams_resource_0_1', 'TASK_FAILED')
      .wait(2)
      .forget();
    told.offers(offer('o3', { agent: 'worse' }), offer('o4', { agent: 'bad' }));
    expect(told.launched).toEqual([]);
    const revives = told.state.leader.demand.reviveCounter;
    told.wait(5);
    expect(told.state.leader.demand.reviveCounter).toBe(revives + 1);
    told.offers(offer('o5', { agent: 'worse' }), offer('o6', { agent: 'bad' }));
    expect(told.launched.map((task) => task.agent_id.value)).toEqual(['bad']);
  });

  it('is still good for other requests', () => {
    const told = story();
    told.allocate({ request_id: 'other' });
    told.offers(offer('o2', { agent: 'bad' }));
    expect(told.launched.map((task) => task.name)).toEqual(['resource_1']);
  });

  it('is still avoided after a takeover', () => {
    const told = story().restart().subscribe().forget();
    told.offers(...crowd.map((full) => ({ ...full, id: { value: `again-${full.id.value}` } })), offer('o2', { agent: 'bad' }));
    expect(told.launched).toEqual([]);
    expect(told.declined).toContain('o2');
  });
});
