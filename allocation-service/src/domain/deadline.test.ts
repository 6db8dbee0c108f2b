import { describe, expect, it } from 'vitest';
import { offer } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';

const soon = (story: Scenario) => ({ place_by_ms: story.now + 60_000 });

describe('a deadline', () => {
  it('ends what still waits for an offer, not what was launched in time', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, ...soon(story) });
    story.offers(offer('o1', { cpus: 1 })).wait(60);
    expect([story.resource(0).state, story.resource(1).state]).toEqual(['LAUNCHED', 'FAILED']);
    expect(story.resource(1).message).toBe('it was not placed by 1970-01-01T00:17:40.000Z: no offer was used for it');
    expect(story.clientEvents).toEqual([]);
    expect(story.settle().settled?.outcomes?.[1]).toMatchObject({ allocated: false, resource: { state: 'FAILED' } });
  });

  it('has passed for an offer that comes before the timer does, and for a start command', () => {
    const story = Scenario.leading();
    story.allocate({ ...soon(story) });
    story.now += 60_001;
    expect(story.offers(offer('o1')).launched).toEqual([]);
    expect(story.wait(0).resource(0).state).toBe('FAILED');
    story.allocate({ request_id: 'deferred', workload: { command: '', deferred: true }, place_by_ms: story.now + 1_000 });
    story.offers(offer('o2'));
    const [question] = story.questions;
    story.now += 1_001;
    const askId = question !== undefined && 'resolve_workload' in question ? question.resolve_workload.ask_id : '';
    story.send({ type: 'workload-resolved', askId, workload: { command: 'x' } });
    expect([story.launched, story.declined]).toEqual([[], ['o1', 'o2']]);
  });

  it('is told to who was told that it is PENDING', () => {
    const story = Scenario.leading();
    story.allocate({ ...soon(story), licences: [{ name: 'none', count: 1 }] });
    story.settle();
    story.wait(60);
    expect(story.clientEvents).toMatchObject([
      { kind: 'FAILED', client_id: 'client-1', resources: [{ id: 'resource_0', state: 'FAILED' }] },
    ]);
  });

  it('holds for the next leader, and for what dies after it', () => {
    const story = Scenario.leading();
    story.allocate({ count: 2, ...soon(story) });
    story.offers(offer('o1', { cpus: 1 }));
    story.now += 120_000;
    story.restart().subscribe().wait(1);
    expect([story.resource(0).state, story.resource(1).state]).toEqual(['LAUNCHED', 'FAILED']);
    story.status('streams_resource_0_0', 'TASK_FAILED').wait(1);
    expect(story.resource(0)).toMatchObject({ state: 'FAILED', message: expect.stringContaining('launched 1 times') as string });
  });

  it('asks for no more offers when nothing else waits, and shows the request as ready', () => {
    const story = Scenario.leading();
    story.allocate(soon(story));
    story.wait(60);
    expect(story.desired?.roles?.[0]?.wanted).toBe(false);
    expect(story.ready).toEqual(['request-1']);
  });
});
