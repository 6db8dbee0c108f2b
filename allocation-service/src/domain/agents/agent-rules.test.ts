import type { Offer } from '@streams-on-mesos/mesos';
import type { Constraint } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const agentsOf = (story: Scenario): string[] => story.launched.map(({ agent_id }) => agent_id.value);

const inRack = (id: string, rack: string, cpus = 4): Offer => ({
  ...offer(id, { agent: `agent-${id}`, cpus }),
  attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }],
});

describe('alone on an agent', () => {
  it('means no other task before', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'other' });
    story.offers(offer('o1', { agent: 'used' }));
    story.allocate({ request_id: 'alone', alone_on_agent: true });
    story.forget().offers(offer('o2', { agent: 'used', cpus: 3 }));
    expect(story.launched).toEqual([]);
    story.offers(offer('o3', { agent: 'empty' }));
    expect(agentsOf(story)).toEqual(['empty']);
  });

  it('means no other task after, nor in the same matching', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'alone', count: 2, alone_on_agent: true, priority: 1 });
    story.allocate({ request_id: 'other' });
    story.offers(offer('o1', { agent: 'a' }), offer('o2', { agent: 'b' }));
    expect(agentsOf(story)).toEqual(['a', 'b']);
    story.forget().offers(offer('o3', { agent: 'a', cpus: 3 }));
    expect(story.launched).toEqual([]);
  });
});

describe('constraints', () => {
  const place = (constraints: Constraint[], count: number, ...offers: Offer[]): Scenario => {
    const story = Scenario.leading();
    story.allocate({ count, constraints });
    return story.offers(...offers);
  };

  it('count what was placed in the same matching', () => {
    const story = place([{ field: '@hostname', operator: 'UNIQUE' }], 3, inRack('1', 'a'), inRack('2', 'a'));
    expect(agentsOf(story).sort()).toEqual(['agent-1', 'agent-2']);
  });

  it('count live resources, also after a takeover when nobody knows their agents; what has ended no longer counts', () => {
    const story = place([{ field: 'rack', operator: 'UNIQUE' }], 2, inRack('1', 'a'));
    story.restart().subscribe().forget().offers(inRack('2', 'a'));
    expect(story.launched).toEqual([]);
    story.status('streams_resource_0_0', 'TASK_FAILED').wait(40).forget();
    story.offers(inRack('3', 'a'));
    expect(story.launched).toHaveLength(1);
  });

  it("spread 9 resources over racks as Marathon's documentation tells", () => {
    const groups = (value: string | undefined, ...offers: Offer[]): number => {
      const constraint: Constraint = { field: 'rack', operator: 'GROUP_BY', ...(value === undefined ? {} : { value }) };
      return place([constraint], 9, ...offers).launched.length;
    };
    expect(groups('3', inRack('1', 'rack_1'), inRack('2', 'rack_2'))).toBe(2);
    expect(groups('3', inRack('1', 'rack_1'), inRack('2', 'rack_2'), inRack('3', 'rack_3'))).toBe(9);
    expect(groups(undefined, inRack('1', 'rack_1'), inRack('2', 'rack_2'))).toBe(8);
  });
});

describe('an agent near maintenance', () => {
  const soon = (story: Scenario, secs: number, duration?: number): Offer => ({
    ...offer(`m${story.now}`, { agent: 'soon' }),
    unavailability: {
      start: { nanoseconds: (story.now + secs * 1000) * 1e6 },
      ...(duration === undefined ? {} : { duration: { nanoseconds: duration * 1e9 } }),
    },
  });

  it('is used only when nothing else had room for a while', () => {
    const story = Scenario.leading();
    story.allocate({ count: 5 });
    story.offers(soon(story, 600), offer('o', { agent: 'steady', cpus: 16 }));
    expect(new Set(agentsOf(story))).toEqual(new Set(['steady']));
    story.allocate({ request_id: 'more' });
    story.wait(1).forget().offers(soon(story, 599));
    expect(story.launched).toEqual([]);
    story.wait(6).offers(soon(story, 590));
    expect(agentsOf(story)).toEqual(['soon']);
  });

  it.each([
    ['far away', 7200, 60, 1],
    ['over', -100, 60, 1],
    ['for ever', -100, undefined, 0],
  ])('in a window that is %s', (_what, secs, duration, launched) => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(soon(story, secs, duration));
    expect(story.launched).toHaveLength(launched);
  });
});
