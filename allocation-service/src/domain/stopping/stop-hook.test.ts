import { describe, expect, it } from 'vitest';
import { offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const TASK = 'streams_resource_0_0';

/** An allocated resource with a stop hook. */
const running = (): Scenario => {
  const story = Scenario.leading();
  story.allocate({ workload: { command: 'x', kill_grace_seconds: 7, stop_hook: true } });
  story.offers(offer('o1')).status(TASK, 'TASK_RUNNING').wait(2).settle();
  return story.forget();
};

const stopping = (): Scenario => {
  const story = running();
  story.release(['resource_0']);
  return story;
};

const asked = (story: Scenario) => story.questions.flatMap((question) => ('run_stop_hook' in question ? [question.run_stop_hook] : []));

const answer = (story: Scenario, error?: string): Scenario =>
  story.send({ type: 'stop-hook-run', askId: asked(story).at(-1)?.ask_id ?? '', error });

describe('a stop hook', () => {
  it('ends the task, which is not killed', () => {
    const story = stopping();
    expect(asked(story)).toMatchObject([{ allocation_term: 1, resource: { id: 'resource_0', state: 'STOPPING', task_id: TASK } }]);
    answer(story).wait(20).status(TASK, 'TASK_FINISHED').wait(60);
    expect(story.killed).toEqual([]);
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', request_state: 'REQUEST_RELEASED', completion: 'FINISHED' });
    expect(story.clientEvents).toEqual([]);
  });

  it('that has run leaves the task 30 s from when it was asked for, then it is killed until it has ended', () => {
    const story = stopping();
    answer(story.wait(3)).wait(26.9);
    expect(story.killed).toEqual([]);
    expect(story.wait(0.1).killed).toEqual([TASK]);
    expect(story.calls.at(-1)?.call.kill?.grace_seconds).toBe(7);
    expect(story.wait(5).killed).toHaveLength(2);
    story.status(TASK, 'TASK_UNKNOWN', reconciliation).status(TASK, 'TASK_UNKNOWN', reconciliation);
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', completion: 'LOST' });
  });

  it('that fails is followed by a KILL at once, one that is not answered by a KILL after 5 s', () => {
    expect(answer(stopping(), 'no such domain').killed).toEqual([TASK]);
    const story = stopping().wait(4.9);
    expect(story.killed).toEqual([]);
    expect(story.wait(0.1).killed).toEqual([TASK]);
    expect(answer(story.forget()).wait(60).killed.length).toBeGreaterThan(5);
  });

  it('runs again under another leader, without more time for the task', () => {
    const story = stopping();
    answer(story).wait(20).restart().subscribe();
    expect(asked(story)).toHaveLength(2);
    answer(story).wait(9.9);
    expect(story.killed).toEqual([]);
    expect(story.wait(0.1).killed).toEqual([TASK]);
    story.restart().forget().subscribe();
    expect([asked(story), story.killed]).toEqual([[], [TASK]]);
  });

  it('does not run again when the time was over before the next leader came', () => {
    const story = stopping();
    story.now += 31_000;
    story.restart().subscribe();
    expect(asked(story)).toHaveLength(1);
    expect(story.killed).toContain(TASK);
  });

  it('is for what runs: neither for what waits, nor for what was only launched', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, workload: { command: 'x', stop_hook: true } });
    story.offers(offer('o1', { cpus: 1 }));
    story.cancel(['resource_0', 'resource_1']);
    expect(story.questions).toEqual([]);
    expect(story.killed).toEqual([TASK]);
    expect(story.resource(1).state).toBe('CANCELLED');
  });

  it('runs for a cancelled resource too, once however often that is asked', () => {
    const story = running();
    story.cancel(['resource_0']);
    story.cancel(['resource_0']);
    story.release(['resource_0']);
    expect(asked(story)).toHaveLength(1);
  });

  it('is not what scaled nodes have: they are killed at once', () => {
    const story = Scenario.leading();
    story.putNodes(1);
    story.offers(offer('o1')).status('node_resource_0_0', 'TASK_RUNNING').wait(2);
    story.putNodes(0);
    expect(story.killed).toEqual(['node_resource_0_0']);
    expect(story.questions).toEqual([]);
  });
});
