import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const wanted = (story: Scenario): boolean | undefined => story.desired?.roles?.[0]?.wanted;
const revives = (story: Scenario): number | undefined => story.desired?.revive_counter;

describe('what is wanted of Mesos', () => {
  it('is nothing while nothing waits, offers when something does, and nothing again', () => {
    const story = Scenario.leading();
    expect(wanted(story)).toBe(false);
    story.allocate();
    expect([wanted(story), revives(story)]).toEqual([true, 1]);
    story.offers(offer('o1'));
    expect([wanted(story), revives(story)]).toEqual([false, 1]);
    expect(story.desired?.roles).toMatchObject([{ role: '*', wanted: false }]);
  });

  it('is said again at a hello and in each subscription, with a revision that grows', () => {
    const story = Scenario.leading().forget().send({ type: 'reconnected' });
    const first = story.desired?.revision ?? 0;
    expect(story.hellos).toBe(1);
    expect(story.forget().resubscribe().desired?.revision).toBeGreaterThan(first);
  });

  it('is a revive for all that comes within a second, and one more for what comes later', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: '1' });
    story.wait(0.3).allocate({ request_id: '2' });
    story.allocate({ request_id: '3' });
    expect(revives(story)).toBe(1);
    story.wait(0.7);
    expect(revives(story)).toBe(2);
    story.offers(offer('o1')).wait(60);
    expect(revives(story)).toBe(2);
  });

  it('is revived again, ever more rarely, when no offers follow; lost offers are called back by a hello', () => {
    const story = Scenario.leading();
    story.allocate();
    const answerHellos = (): void => {
      if (!story.state.leader.greeted) story.subscribe();
    };
    const at: number[] = [];
    for (let second = 1; second <= 200; second += 1) {
      const before = revives(story);
      story.wait(1);
      answerHellos();
      if (revives(story) !== before) at.push(second);
    }
    expect(at).toEqual([5, 15, 35, 75, 135, 195]);
    expect(story.hellos).toBe(1 + 5);
    // Only the implicit ones of a state that began empty: calling lost offers back reconciles nothing.
    expect(story.reconciled).toHaveLength(1 + 13);
  });

  it('is not revived again when offers came that do not fit', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 64, mem: 1 } });
    story.offers(offer('o1')).wait(299);
    expect(revives(story)).toBe(1);
  });

  it('is everything once more when something waits for long: some offers may have been lost', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 64, mem: 1 } });
    story.offers(offer('o1')).forget().wait(300);
    expect([story.hellos, revives(story)]).toEqual([1, 2]);
  });

  it('is said again when an offer comes though none is wanted', () => {
    const story = Scenario.leading().wait(2).forget().offers(offer('o1'));
    expect(wanted(story)).toBe(false);
  });
});
