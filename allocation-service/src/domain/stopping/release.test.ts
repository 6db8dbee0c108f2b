import { describe, expect, it } from 'vitest';
import { fromMaster, offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const running = (): Scenario => {
  const story = Scenario.leading();
  story.allocate({ workload: { command: 'x', kill_grace_seconds: 7 } });
  return story.offers(offer('o1')).status('streams_resource_0_0', 'TASK_RUNNING').wait(2).forget();
};

describe('a release', () => {
  it('takes a waiting resource out of the queue', () => {
    const story = Scenario.leading();
    story.allocate();
    expect(story.release(['resource_0']).done).toEqual({});
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', request_state: 'REQUEST_RELEASED' });
    expect(story.offers(offer('o1')).launched).toEqual([]);
  });

  it('kills a task, again and again until it has ended', () => {
    const story = running();
    story.settle();
    story.release(['resource_0']);
    expect(story.calls[0]?.call.kill).toEqual({ task_id: 'streams_resource_0_0', agent_id: 'agent-1', grace_seconds: 7 });
    expect(story.resource(0)).toMatchObject({ state: 'STOPPING', request_state: 'REQUEST_RELEASED' });
    expect(story.wait(15).killed).toHaveLength(4);
    story.status('streams_resource_0_0', 'TASK_KILLED').forget().wait(30);
    expect(story.killed).toEqual([]);
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', completion: 'KILLED' });
    expect(story.clientEvents).toEqual([]);
  });

  it('goes on killing under another leader and in another subscription', () => {
    const story = running();
    story.release(['resource_0']);
    story.restart().forget().subscribe();
    expect(story.killed).toEqual(['streams_resource_0_0']);
    expect(story.forget().resubscribe().killed).toEqual(['streams_resource_0_0']);
  });

  it('has succeeded when the task is unknown twice', () => {
    const story = running();
    story.release(['resource_0']);
    story.status('streams_resource_0_0', 'TASK_UNKNOWN', reconciliation);
    expect(story.resource(0).state).toBe('STOPPING');
    story.status('streams_resource_0_0', 'TASK_UNKNOWN', reconciliation);
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', completion: 'LOST' });
    story.forget().status('streams_resource_0_0', 'TASK_RUNNING', fromMaster);
    expect(story.killed).toEqual(['streams_resource_0_0']);
  });

  it('of an unknown resource, or of one of another client, does nothing', () => {
    const story = running();
    expect(story.release(['resource_9', '']).done).toEqual({});
    expect(story.release(['resource_0'], 'client-2').done).toEqual({});
    expect(story.resource(0).state).toBe('RUNNING');
  });

  it('of all takes everything of that client and nothing of others', () => {
    const story = running();
    story.allocate({ request_id: 'more', count: 2 });
    story.allocate({ client_id: 'client-2' });
    story.ask({ kind: 'release', release: { client_id: 'client-1', request_id: 'r', all: true } });
    expect([0, 1, 2, 3].map((number) => story.resource(number).state)).toEqual(['STOPPING', 'STOPPED', 'STOPPED', 'NEW']);
  });
});

describe('a cancel', () => {
  it('ends what waits and stops what runs', () => {
    const story = running();
    story.allocate({ request_id: 'waits' });
    expect(story.cancel(['resource_0', 'resource_1']).done).toEqual({});
    expect(story.resource(1)).toMatchObject({ state: 'CANCELLED', request_state: 'REQUEST_CANCELLED' });
    expect(story.resource(0)).toMatchObject({ state: 'STOPPING', request_state: 'REQUEST_CANCELLED' });
    expect(story.killed).toEqual(['streams_resource_0_0']);
  });

  it('of an unknown resource is an error, and the others are cancelled', () => {
    const story = running();
    const { error } = story.cancel(['resource_7', 'resource_0']);
    expect(error).toMatchObject({ code: 'NOT_FOUND', field: 'resource_ids' });
    expect(error?.message).toContain('resource_7');
    expect(story.resource(0).state).toBe('STOPPING');
  });

  it('of what was allocated meanwhile is its release', () => {
    const story = running();
    story.settle();
    story.cancel(['resource_0']);
    expect(story.resource(0).request_state).toBe('REQUEST_RELEASED');
  });
});
