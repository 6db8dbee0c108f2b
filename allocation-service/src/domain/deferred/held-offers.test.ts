import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

describe('rescinded offers', () => {
  it('are passed over when they are delivered behind their rescind: a launch on them would be dropped', () => {
    const story = Scenario.leading();
    story.allocate();
    story.forget().send({ type: 'rescinds', subscription: story.subscription, offerIds: ['o1'] });
    story.offers(offer('o1'));
    expect([story.launched, story.declined]).toEqual([[], []]);
    story.offers(offer('o2'));
    expect(story.launched).toHaveLength(1);
  });
});
