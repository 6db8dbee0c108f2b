import { describe, expect, it } from 'vitest';
import { allocateBody, offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const ids = (reply: { resources?: { resources?: { id: string }[] | undefined } | undefined }): string[] =>
  (reply.resources?.resources ?? []).map(({ id }) => id);

describe('an Allocate', () => {
  it('gets its resources, numbered by a counter that outlives everything', () => {
    const story = Scenario.leading();
    expect(ids(story.allocate({ count: 2 }))).toEqual(['resource_0', 'resource_1']);
    story.release(['resource_0', 'resource_1']);
    story.wait(100_000).restart();
    expect(ids(story.allocate({ request_id: 'later' }))).toEqual(['resource_2']);
    expect(story.resource(2)).toEqual({
      id: 'resource_2',
      owner: 'client-1',
      request_id: 'later',
      labels: { tags: 'ingest' },
      state: 'NEW',
      request_state: 'REQUEST_NEW',
      completion: 'NONE',
      requested: { cpus: 1, mem: 1024 },
      created_at_ms: story.now,
    });
  });

  it('that comes again gets the same resources, over restarts and when they have ended', () => {
    const story = Scenario.leading();
    const first = ids(story.allocate({ count: 2 }));
    expect(ids(story.restart().allocate({ count: 2 }))).toEqual(first);
    story.release(first);
    expect(ids(story.wait(3599).allocate({ count: 2 }))).toEqual(first);
  });

  it('may use its id anew an hour after its resources ended', () => {
    const story = Scenario.leading();
    story.allocate();
    story.release(['resource_0']);
    expect(ids(story.wait(3600).allocate({ count: 3 }))).toEqual(['resource_1', 'resource_2', 'resource_3']);
    expect(() => story.resource(0)).toThrow();
  });

  it('conflicts with another body of the same id, but not with the same id of another client', () => {
    const story = Scenario.leading();
    story.allocate({ labels: { a: '1', b: '2' } });
    expect(story.allocate({ labels: { b: '2', a: '1' } }).error).toBeUndefined();
    expect(story.allocate({ labels: { a: '1' } }).error).toMatchObject({ code: 'CONFLICT', field: 'request_id' });
    expect(ids(story.allocate({ client_id: 'client-2' }))).toEqual(['resource_1']);
  });

  it('that arrives after its deadline does nothing, unless it was accepted before', () => {
    const story = Scenario.leading();
    const late = (request_id: string): ReturnType<Scenario['ask']> =>
      story.ask({ kind: 'allocate', allocate: allocateBody({ request_id }) }, { deadlineMs: story.now - 1 });
    expect(late('new').error?.code).toBe('DEADLINE_EXCEEDED');
    story.allocate({ request_id: 'known' });
    expect(ids(late('known'))).toEqual(['resource_0']);
  });

  it.each([
    ['request_id', { request_id: '' }],
    ['client_id', { client_id: 'x'.repeat(300) }],
    ['client_id', { client_id: 'scaling' }],
    ['count', { count: 0 }],
    ['count', { count: 1.5 }],
    ['count', { count: 1001 }],
    ['each.cpus', { each: { cpus: -1, mem: 1 } }],
    ['each.cpus', { each: { cpus: Number.NaN, mem: 1 } }],
    ['each.cpus', { each: { cpus: 0.0001, mem: 1 } }],
    ['each.mem', { each: { cpus: 1, mem: Infinity } }],
    ['task_prefix', { task_prefix: 'a/b' }],
    ['workload.command', { workload: { command: ' ' } }],
    ['workload.kill_grace_seconds', { workload: { command: 'x', kill_grace_seconds: -1 } }],
    ['', { workload: { command: 'x', environment: { A: 'x'.repeat(90_000), B: 'x'.repeat(90_000), C: 'x'.repeat(90_000) } } }],
  ])('with a bad %s is refused, naming it, and changes nothing', (field, body) => {
    const story = Scenario.leading();
    const before = JSON.stringify([...story.records]);
    const { error } = story.allocate(body);
    expect(error).toMatchObject({ code: 'INVALID', field });
    expect(error?.message).toContain(field);
    expect(JSON.stringify([...story.records])).toBe(before);
  });
});

describe('a Settle', () => {
  it('fixes what is allocated and what is pending, with the number from which events follow; a retry gets the same', () => {
    const story = Scenario.leading();
    story.allocate({ count: 3 });
    story
      .offers(offer('o1', { cpus: 2 }))
      .status('streams_resource_0_0', 'TASK_RUNNING')
      .wait(2)
      .status('streams_resource_1_0', 'TASK_RUNNING');
    const outcomes = (): unknown[] => (story.settle().settled?.outcomes ?? []).map(({ resource, allocated }) => [resource.id, allocated]);
    const first = outcomes();
    expect(first).toEqual([
      ['resource_0', true],
      ['resource_1', false],
      ['resource_2', false],
    ]);
    expect(story.settle().settled?.sequence).toBe(0);
    story.wait(2).status('streams_resource_0_0', 'TASK_FAILED').restart();
    expect(outcomes()).toEqual(first);
    expect(story.settle().settled?.sequence).toBe(0);
    expect(story.events(0).events?.map(({ kind, resources }) => [kind, resources?.[0]?.id])).toEqual([
      ['ALLOCATED', 'resource_1'],
      ['REVOKED', 'resource_0'],
    ]);
  });

  it('of an unknown request is told so; a late one leaves the request open', () => {
    const story = Scenario.leading();
    expect(story.settle('never').error).toMatchObject({ code: 'NOT_FOUND', field: 'request_id' });
    story.allocate();
    const settle = { client_id: 'client-1', request_id: 'request-1' };
    expect(story.ask({ kind: 'settle', settle }, { deadlineMs: story.now - 1 }).error?.code).toBe('DEADLINE_EXCEEDED');
    expect(story.resource(0).request_state).toBe('REQUEST_NEW');
  });
});

describe('the events of a client', () => {
  const pending = (settings = {}): Scenario => {
    const story = Scenario.leading(settings);
    story.allocate({ count: 2 });
    story.settle();
    story.allocate({ client_id: 'client-2' });
    story.settle('request-1', 'client-2');
    story.offers(offer('o1'));
    // One after the other, so that their events have this order.
    for (const number of [0, 1, 2]) story.status(`streams_resource_${number}_0`, 'TASK_RUNNING').wait(0.001);
    return story.wait(2);
  };

  it('are numbered over all clients, and read after any number, also by another leader', () => {
    const story = pending().restart();
    expect(story.events(0).events?.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(story.events(1, 'client-1').events?.map(({ sequence }) => sequence)).toEqual([2]);
    expect(story.events(3)).toEqual({ sequence: 3, events: [] });
  });

  it('are replaced by a snapshot for who is too far behind, or ahead after a loss', () => {
    const story = pending({ eventsKept: 2 });
    expect(story.events(1).events).toHaveLength(2);
    const behind = story.events(0, 'client-1');
    expect(behind.events).toBeUndefined();
    expect(behind.sequence).toBe(3);
    expect(behind.snapshot?.resources?.map(({ id }) => id)).toEqual(['resource_0', 'resource_1']);
    expect(story.events(99).snapshot?.resources).toHaveLength(3);
    expect(story.record('event', '1')).toBeUndefined();
  });
});
