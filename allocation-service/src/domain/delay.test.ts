import { describe, expect, it } from 'vitest';
import { offer, reconciliation } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';

const task = 'streams_resource_0_0';
const running = (): Scenario => {
  const story = Scenario.leading();
  story.allocate();
  return story.offers(offer('o1')).status(task, 'TASK_STARTING').status(task, 'TASK_RUNNING').forget();
};
const settled = (story: Scenario): boolean | undefined => story.settle().settled?.outcomes?.[0]?.allocated;

describe('a resource is ALLOCATED', () => {
  it('when its task was running for the whole delay, not before', () => {
    const early = running().wait(1.999);
    expect(early.ready).toEqual([]);
    expect(settled(early)).toBe(false);
    const late = running().wait(2);
    expect(late.ready).toEqual(['request-1']);
    expect(settled(late)).toBe(true);
    expect(late.clientEvents).toEqual([]);
  });

  it('with an event of its own when it was settled as PENDING', () => {
    const story = running();
    expect(settled(story)).toBe(false);
    expect(story.resource(0).request_state).toBe('REQUEST_PENDING');
    story.wait(2);
    expect(story.clientEvents).toMatchObject([
      { sequence: 1, client_id: 'client-1', kind: 'ALLOCATED', resources: [{ id: 'resource_0', request_state: 'REQUEST_ALLOCATED' }] },
    ]);
    expect(story.ready).toEqual([]);
  });

  it('not before its health check has passed, also while nothing is said of it yet, and not after it has failed', () => {
    const story = Scenario.leading();
    story.allocate({ workload: { command: 'x', health_check: { type: 'COMMAND', command: { value: 'probe' } } } });
    story.offers(offer('o1')).status(task, 'TASK_RUNNING').wait(60).restart().subscribe().status(task, 'TASK_RUNNING', reconciliation);
    expect(story.wait(60).ready).toEqual([]);
    expect(story.status(task, 'TASK_RUNNING', { healthy: true }).wait(1).ready).toEqual([]);
    expect(story.status(task, 'TASK_RUNNING', { healthy: false }).wait(60).ready).toEqual([]);
    expect(story.status(task, 'TASK_RUNNING', { healthy: true }).wait(2).ready).toEqual(['request-1']);
  });

  it.each([
    [
      'command',
      { type: 'COMMAND', command: {} },
      { type: 'COMMAND', command: { exit_code: 1 } },
      { type: 'COMMAND', command: { exit_code: 0 } },
    ],
    ['HTTP', { type: 'HTTP', http: {} }, { type: 'HTTP', http: { status_code: 503 } }, { type: 'HTTP', http: { status_code: 204 } }],
    ['TCP', { type: 'TCP', tcp: {} }, { type: 'TCP', tcp: { succeeded: false } }, { type: 'TCP', tcp: { succeeded: true } }],
  ] as const)('not before its %s check has succeeded', (_kind, unknown, failed, passed) => {
    const story = running();
    for (const check_status of [unknown, failed]) expect(story.status(task, 'TASK_RUNNING', { check_status }).wait(60).ready).toEqual([]);
    expect(story.status(task, 'TASK_RUNNING', { check_status: passed }).wait(2).ready).toEqual(['request-1']);
  });

  it('only after a delay without a break', () => {
    const story = running().wait(1.5).status(task, 'TASK_KILLING').wait(1).status(task, 'TASK_RUNNING').wait(1.9);
    expect(story.ready).toEqual([]);
    expect(story.wait(0.1).ready).toEqual(['request-1']);
  });

  it('only when its health check, if there is one, has passed', () => {
    const story = running().status(task, 'TASK_RUNNING', { healthy: false }).wait(10);
    expect(story.ready).toEqual([]);
    story.status(task, 'TASK_RUNNING', { healthy: true }).wait(2);
    expect(story.ready).toEqual(['request-1']);
  });

  it('after a resubscription only once a status of it says that the task still runs', () => {
    const story = running().wait(1).resubscribe().forget().wait(10);
    expect(story.ready).toEqual([]);
    expect(settled(story)).toBe(false);
    story.status(task, 'TASK_RUNNING', reconciliation).wait(0);
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['ALLOCATED']);
  });

  it('not while unsubscribed', () => {
    const story = running()
      .send({ type: 'unsubscribed', subscription: { term: 1, counter: 1 } })
      .wait(10);
    expect(story.ready).toEqual([]);
    expect(settled(story)).toBe(false);
  });

  it("after a takeover only by the new leader's own clock", () => {
    const story = running().wait(1.9).restart().subscribe().forget().wait(10);
    expect(story.ready).toEqual([]);
    story.status(task, 'TASK_RUNNING', reconciliation).wait(1.9);
    expect(story.ready).toEqual([]);
    expect(story.wait(0.1).ready).toEqual(['request-1']);
  });
});

describe('a task that ends before its resource is ALLOCATED', () => {
  it.each(['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'] as const)('is launched anew after %s, and nobody hears of it', (state) => {
    const story = running()
      .wait(1)
      .status(task, state)
      .wait(1)
      .offers(offer('o2', { agent: 'agent-2' }));
    expect(story.launched.map(({ task_id }) => task_id.value)).toEqual(['streams_resource_0_1']);
    expect(story.clientEvents).toEqual([]);
    expect(story.resource(0)).toMatchObject({ state: 'LAUNCHED', completion: 'NONE' });
    story.status('streams_resource_0_1', 'TASK_RUNNING').wait(2);
    expect(settled(story)).toBe(true);
  });

  it('even when its delay was over but nobody was told', () => {
    const story = running().wait(3).status(task, 'TASK_FAILED');
    expect(story.resource(0).state).toBe('NEW');
    expect(settled(story)).toBe(false);
  });

  it('makes its request wait longer each time, up to a limit, and anew after a success', () => {
    const story = Scenario.leading({ avoidedAgentSecs: 0 });
    story.allocate();
    const delays: number[] = [];
    for (let launch = 0; launch < 8; launch += 1) {
      const begin = story.now;
      while (story.forget().offers(offer(`${launch}-${story.now}`)).launched.length === 0) story.wait(0.5);
      delays.push((story.now - begin) / 1000);
      story.status(`streams_resource_0_${launch}`, 'TASK_FAILED');
    }
    expect(delays).toEqual([0, 1, 2, 4, 8, 16, 30, 30]);
    story
      .wait(30)
      .offers(offer('last'))
      .status('streams_resource_0_8', 'TASK_RUNNING')
      .wait(2)
      .status('streams_resource_0_8', 'TASK_FAILED');
    expect(story.wait(1).forget().offers(offer('again')).launched).toHaveLength(1);
  });

  it('counts once with others that die at the same time', () => {
    const story = Scenario.leading();
    story.allocate({ count: 4 });
    story.offers(offer('o1'));
    for (const number of [0, 1, 2, 3]) story.status(`streams_resource_${number}_0`, 'TASK_FAILED');
    story
      .wait(1)
      .forget()
      .offers(offer('o2', { agent: 'agent-2' }));
    expect(story.launched).toHaveLength(4);
  });
});
