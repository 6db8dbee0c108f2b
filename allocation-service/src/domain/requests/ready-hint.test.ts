import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

describe('the hint that a request is ready', () => {
  it('is repeated to who asks again, until the request is settled', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o'));
    expect(story.ready).toEqual([]);
    story.status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_RUNNING');
    story.allocate();
    expect(story.ready).toEqual([]);
    story.wait(2);
    expect(story.ready).toEqual(['request-1']);

    story.allocate();
    expect(story.ready).toEqual(['request-1', 'request-1']);
    story.settle();
    story.allocate();
    expect(story.ready).toEqual(['request-1', 'request-1']);
  });

  it.each(['release', 'cancel'] as const)('is given when a %s leaves nothing to wait for, and not before', (gives) => {
    const story = Scenario.leading();
    story.allocate({ count: 3 });
    story.offers(offer('o', { cpus: 2 }));
    for (const { task_id } of story.launched) story.status(task_id.value, 'TASK_RUNNING');
    story.wait(2)[gives](['resource_0']);
    expect([story.resource(0).state, story.resource(2).state, story.ready]).toEqual(['STOPPING', 'NEW', []]);
    story[gives](['resource_2']);
    expect(story.ready).toEqual(['request-1']);
    expect(story.settle().settled?.outcomes?.map(({ allocated }) => allocated)).toEqual([false, true, false]);
    story[gives](['resource_1']);
    expect(story.ready).toEqual(['request-1']);
  });

  it('is given when all that a client has is released', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2 });
    story.allocate({ request_id: 'request-2' });
    story.ask({ kind: 'release', release: { client_id: 'client-1', request_id: 'release', all: true } });
    expect(story.ready).toEqual(['request-1', 'request-2']);
  });
});
