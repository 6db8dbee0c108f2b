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
});
