import { describe, expect, it } from 'vitest';
import { step } from '../machine.js';
import { fromMaster, offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const launchedOnce = (): Scenario => {
  const story = Scenario.leading();
  story.allocate();
  return story.forget().offers(offer('o1'));
};
const callId = (story: Scenario): string => story.calls.find(({ call }) => call.accept !== undefined)?.id ?? '';

describe('a launch', () => {
  it('is durable before its ACCEPT leaves, and says all that Mesos needs', () => {
    const story = Scenario.leading();
    story.allocate({ workload: { command: 'exec me', environment: { A: 'b' }, user: 'joe', kill_grace_seconds: 1.5 } });
    const { changes, effects } = step(
      story.state,
      { type: 'offers', subscription: story.subscription, allocationTerm: story.term, offers: [offer('o1')] },
      story.now,
    );
    expect(changes.map(({ table, key }) => `${table} ${key}`)).toEqual(['resource resource_0', 'task streams_resource_0_0']);
    const accept = effects.find((effect) => effect.type === 'call');
    expect(accept?.type === 'call' ? accept.call.accept?.operations?.[0]?.launch?.task_infos : undefined).toEqual([
      {
        name: 'resource_0',
        task_id: { value: 'streams_resource_0_0' },
        agent_id: { value: 'agent-1' },
        resources: [
          { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, allocation_info: { role: '*' } },
          { name: 'mem', type: 'SCALAR', scalar: { value: 1024 }, allocation_info: { role: '*' } },
        ],
        command: {
          shell: true,
          value: 'exec me',
          user: 'joe',
          environment: {
            variables: [
              { name: 'RESOURCE_ID', type: 'VALUE', value: 'resource_0' },
              { name: 'RESOURCE_HOST', type: 'VALUE', value: 'agent-1.example' },
              { name: 'RESOURCE_TASK_ID', type: 'VALUE', value: 'streams_resource_0_0' },
              { name: 'A', type: 'VALUE', value: 'b' },
            ],
          },
        },
        kill_policy: { grace_period: { nanoseconds: 1_500_000_000 } },
      },
    ]);
  });

  it('that was not sent is repeated at once as the next task, without blame for the agent', () => {
    const story = launchedOnce().send({ type: 'call-answered', callId: 'x', result: 'NOT_SENT' });
    story.send({ type: 'call-answered', callId: callId(story), result: 'NOT_SENT', reason: 'no subscription' });
    expect(story.resource(0)).toMatchObject({ state: 'NEW', completion: 'NONE' });
    expect(story.record('task', 'streams_resource_0_0')).toBeUndefined();
    story.forget().offers(offer('o2'));
    expect(story.launched.map((task) => task.task_id.value)).toEqual(['streams_resource_0_1']);
  });

  it('that was sent waits for a status, and is asked for after the launch timeout', () => {
    const story = launchedOnce();
    story
      .send({ type: 'call-answered', callId: callId(story), result: 'SENT' })
      .forget()
      .wait(299);
    expect(story.reconciled.filter((tasks) => tasks.length > 0)).toEqual([]);
    story.wait(1);
    expect(story.reconciled).toContainEqual(['streams_resource_0_0']);
    expect(story.resource(0).state).toBe('LAUNCHED');
  });

  it.each([
    ['was perhaps not sent', (story: Scenario) => story.send({ type: 'call-answered', callId: callId(story), result: 'UNKNOWN' })],
    ['has no answer for 5 seconds', (story: Scenario) => story.wait(5)],
  ])('that %s is reconciled; only what Mesos says frees the resource', (_what, happens) => {
    const story = happens(launchedOnce());
    expect(story.reconciled.filter((tasks) => tasks.length > 0)).toEqual([['streams_resource_0_0']]);
    story.forget().offers(offer('o2'));
    expect(story.launched).toEqual([]);
    story.status('streams_resource_0_0', 'TASK_GONE', reconciliation).offers(offer('o3'));
    expect(story.launched.map((task) => task.task_id.value)).toEqual(['streams_resource_0_1']);
  });

  it('is not undone by a late NOT_SENT when its task was heard of', () => {
    const story = launchedOnce().status('streams_resource_0_0', 'TASK_RUNNING');
    story.send({ type: 'call-answered', callId: callId(story), result: 'NOT_SENT' });
    expect(story.resource(0).state).toBe('RUNNING');
  });

  it('refused by the master backs off, refused for its offer does not; neither blames the agent', () => {
    const story = launchedOnce().status('streams_resource_0_0', 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' });
    story
      .forget()
      .offers(offer('o2'))
      .status('streams_resource_0_1', 'TASK_ERROR', { ...fromMaster, reason: 'REASON_TASK_INVALID' });
    story.forget().offers(offer('o3'));
    expect(story.launched).toEqual([]);
    story.wait(1).offers(offer('o4'));
    expect(story.launched.map((task) => task.task_id.value)).toEqual(['streams_resource_0_2']);
  });

  it('refused by the master for a task id that an agent spoke of is not believed', () => {
    const story = launchedOnce().status('streams_resource_0_0', 'TASK_RUNNING').forget();
    story.status('streams_resource_0_0', 'TASK_ERROR', { ...fromMaster, message: 'Task has duplicate ID' });
    expect(story.resource(0).state).toBe('RUNNING');
    expect(story.reconciled).toEqual([['streams_resource_0_0']]);
  });

  it('taken for refused that comes to life is killed: the resource has another task', () => {
    const story = launchedOnce().status('streams_resource_0_0', 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' });
    story.offers(offer('o2')).forget().status('streams_resource_0_0', 'TASK_STARTING');
    expect(story.killed).toEqual(['streams_resource_0_0']);
    expect(story.resource(0)).toMatchObject({ state: 'LAUNCHED', task_id: 'streams_resource_0_1' });
    story.wait(5);
    expect(story.killed).toHaveLength(2);
    story.status('streams_resource_0_0', 'TASK_KILLED').forget().wait(20);
    expect(story.killed).toEqual([]);
  });
});
