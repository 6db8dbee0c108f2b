import { describe, expect, it } from 'vitest';
import { fromMaster, offer, reconciliation, status } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const task = 'streams_resource_0_0';

/** One resource of a client, allocated by an answer to Settle. */
const allocated = (): Scenario => {
  const story = Scenario.leading();
  story.allocate();
  story.offers(offer('o1')).status(task, 'TASK_RUNNING').wait(2);
  expect(story.settle().settled?.outcomes?.[0]?.allocated).toBe(true);
  return story.forget();
};

describe('an allocated resource', () => {
  it.each([
    ['TASK_FAILED', 'FAILED', 'FAILED'],
    ['TASK_KILLED', 'FAILED', 'KILLED'],
    // The original said nothing when a controller ended by itself.
    ['TASK_FINISHED', 'STOPPED', 'FINISHED'],
    ['TASK_GONE_BY_OPERATOR', 'FAILED', 'GONE_BY_OPERATOR'],
  ] as const)('is revoked once when its task ends as %s', (ends, state, completion) => {
    const story = allocated().status(task, ends).status(task, ends).wait(60);
    expect(story.clientEvents).toMatchObject([{ sequence: 1, kind: 'REVOKED', resources: [{ id: 'resource_0', state, completion }] }]);
    expect(story.resource(0)).toMatchObject({ state, request_state: 'REQUEST_RELEASED', completion });
    expect(story.launched).toEqual([]);
  });

  it.each(['TASK_UNREACHABLE', 'TASK_UNKNOWN', 'TASK_LOST'] as const)('survives %s if its task returns in time', (lost) => {
    const story = allocated().status(task, lost, fromMaster).wait(299).status(task, 'TASK_RUNNING', fromMaster).wait(1000);
    expect(story.clientEvents).toEqual([]);
    expect(story.resource(0).request_state).toBe('REQUEST_ALLOCATED');
  });

  it('is revoked when its task is lost for too long, and the task is killed if it returns', () => {
    const story = allocated().status(task, 'TASK_UNREACHABLE', fromMaster).wait(300);
    expect(story.clientEvents).toMatchObject([{ kind: 'REVOKED', resources: [{ completion: 'LOST' }] }]);
    expect(story.killed).toEqual([]);
    story.status(task, 'TASK_RUNNING', { ...fromMaster, reason: 'REASON_AGENT_REREGISTERED' });
    expect(story.killed).toEqual([task]);
    expect(story.status(task, 'TASK_KILLED').record('task', task)).toBeUndefined();
    expect(story.clientEvents).toHaveLength(1);
  });

  it('is not given up by a new leader before Mesos says again that its task is lost', () => {
    const story = allocated().status(task, 'TASK_UNREACHABLE', fromMaster).wait(250);
    story.now += 3_600_000;
    story.restart().subscribe().wait(10);
    expect(story.clientEvents).toEqual([]);
    story.status(task, 'TASK_RUNNING', reconciliation).wait(600);
    expect(story.clientEvents).toEqual([]);
    story.status(task, 'TASK_UNREACHABLE', reconciliation).wait(300);
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
  });
});

describe('a task that is lost before its resource is allocated', () => {
  it('is superseded at once, and killed if it returns', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o1')).status(task, 'TASK_RUNNING').status(task, 'TASK_UNREACHABLE', fromMaster);
    story.offers(offer('o2', { agent: 'agent-2' }));
    expect(story.resource(0)).toMatchObject({ state: 'LAUNCHED', task_id: 'streams_resource_0_1' });
    story.restart().subscribe().status(task, 'TASK_RUNNING', fromMaster);
    expect(story.killed).toEqual([task]);
    expect(story.resource(0).task_id).toBe('streams_resource_0_1');
  });

  it('is forgotten when it does not return for long; then it is unknown', () => {
    const story = Scenario.leading();
    story.allocate();
    story
      .offers(offer('o1'))
      .status(task, 'TASK_UNREACHABLE', fromMaster)
      .offers(offer('o2'))
      .status('streams_resource_0_1', 'TASK_RUNNING');
    expect(story.record('task', task)).toBeDefined();
    expect(story.wait(3600).record('task', task)).toBeUndefined();
  });
});

describe('a status', () => {
  const at = (
    story: Scenario,
    subscription: { term: number; counter: number },
    sequence: number,
    state: 'TASK_RUNNING' | 'TASK_UNREACHABLE',
  ): void => {
    story.send({ type: 'update', subscription, sequence, status: status(task, state, fromMaster) });
  };

  it('that is older than the last one of its task changes nothing', () => {
    const story = allocated();
    at(story, { term: 1, counter: 1 }, 100, 'TASK_UNREACHABLE');
    at(story, { term: 1, counter: 1 }, 99, 'TASK_RUNNING');
    at(story, { term: 1, counter: 1 }, 100, 'TASK_RUNNING');
    at(story, { term: 0, counter: 9 }, 900, 'TASK_RUNNING');
    expect(story.wait(300).clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
  });

  it('of a newer subscription counts at once, and makes offer-service be asked', () => {
    const story = allocated().wait(10).forget();
    at(story, { term: 1, counter: 2 }, 1, 'TASK_UNREACHABLE');
    at(story, { term: 1, counter: 2 }, 2, 'TASK_RUNNING');
    expect(story.hellos).toBe(1);
    at(story, { term: 1, counter: 1 }, 999, 'TASK_UNREACHABLE');
    expect(story.wait(1000).clientEvents).toEqual([]);
  });
});
