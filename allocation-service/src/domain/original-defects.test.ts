import { describe, expect, it } from 'vitest';
import { fromMaster, offer } from './testing/builders.js';
import { Scenario } from './testing/scenario.js';
import { runtimeCounts } from './views/scaling-view.js';

// What was wrong in the resource managers for Streams that this one succeeds, each held by a test. What concerns the command
// line, tags and clients is held by the tests of packages/cli and streams-bridge.

const task = 'streams_resource_0_0';
const launched = (): Scenario => {
  const story = Scenario.leading();
  story.allocate();
  return story.offers(offer('o1'));
};
const allocated = (): Scenario => {
  const story = launched().status(task, 'TASK_RUNNING').wait(2);
  story.settle();
  return story.forget();
};

describe('the defects of the original', () => {
  it('counted a resource for every status that said RUNNING: here each is counted once', () => {
    const story = Scenario.leading();
    story.putNodes(1);
    story.offers(offer('o1'));
    for (let count = 0; count < 5; count += 1) story.status('node_resource_0_0', 'TASK_RUNNING').wait(2);
    expect(runtimeCounts(story.state)).toEqual({ num_of_node: 1, num_of_live_node: 1 });
    story.status('node_resource_0_0', 'TASK_FAILED').status('node_resource_0_0', 'TASK_FAILED');
    expect(runtimeCounts(story.state).num_of_live_node).toBe(0);
  });

  it('notified of an allocated resource again with every status: here once', () => {
    const story = launched();
    story.settle();
    for (let count = 0; count < 5; count += 1) story.status(task, 'TASK_RUNNING').wait(2);
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['ALLOCATED']);
  });

  it('relaunched what fails at once, forever: here ever more rarely', () => {
    const story = Scenario.leading();
    story.allocate();
    const at: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      const before = story.launched.length;
      story.offers(offer(`offer-${second}`, { agent: `agent-${second}` }));
      if (story.launched.length > before) {
        at.push(second);
        story.status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_FAILED');
      }
      story.wait(1);
    }
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
  });

  it('took an allocated resource whose task FINISHED unasked for released: here it is revoked', () => {
    const story = allocated().status(task, 'TASK_FINISHED');
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
    expect(story.resource(0)).toMatchObject({ state: 'STOPPED', request_state: 'REQUEST_RELEASED', completion: 'FINISHED' });
  });

  it('launched a resource that was released while it waited: here it is taken from the queue', () => {
    const story = Scenario.leading();
    story.allocate();
    story.release(['resource_0']);
    expect(story.offers(offer('o1')).launched).toEqual([]);
    expect(story.resource(0).state).toBe('STOPPED');
  });

  it('failed on cancelling what was not granted yet: here it is CANCELLED', () => {
    const story = Scenario.leading();
    story.allocate();
    story.settle();
    expect(story.cancel(['resource_0']).done).toEqual({});
    expect(story.resource(0).state).toBe('CANCELLED');
  });

  it('stopped a CANCELLED resource again: here that changes nothing', () => {
    const story = Scenario.leading();
    story.allocate();
    story.settle();
    story.cancel(['resource_0']);
    const before = story.resource(0);
    story.wait(5).release(['resource_0']);
    story.cancel(['resource_0']);
    expect([story.resource(0), story.killed, story.clientEvents]).toEqual([before, [], []]);
  });

  it('kept what belonged to a framework that was torn down: here nothing of it is believed any longer', () => {
    const story = allocated();
    story.frameworkId = 'framework-2';
    story.resubscribe();
    expect(story.clientEvents.map(({ kind }) => kind)).toEqual(['REVOKED']);
    expect([story.state.tasks.size, story.record('meta', 'state')]).toEqual([0, expect.objectContaining({ frameworkId: 'framework-2' })]);
  });

  it('let a status fall between the answer to a wait and the notifications: here each is in exactly one of them', () => {
    for (const statusFirst of [true, false]) {
      const story = launched().status(task, 'TASK_RUNNING');
      if (statusFirst) story.wait(2);
      const { outcomes = [], sequence = -1 } = story.settle().settled ?? { sequence: -1 };
      const later = (story.wait(5).events(sequence).events ?? []).filter(({ kind }) => kind === 'ALLOCATED');
      expect(outcomes.filter(({ allocated: isAllocated }) => isAllocated).length + later.length).toBe(1);
    }
  });

  it('called a resource allocated as soon as its shell had started: here the task must last', () => {
    const story = launched().status(task, 'TASK_RUNNING').wait(1);
    expect(story.settle().settled?.outcomes?.[0]?.allocated).toBe(false);
    story.status(task, 'TASK_FAILED');
    expect([story.wait(10).clientEvents, story.resource(0).state]).toEqual([[], 'NEW']);
  });

  it('took the loss of contact for the end of a task: here it is given time', () => {
    const story = allocated().status(task, 'TASK_UNREACHABLE', fromMaster).wait(299).status(task, 'TASK_RUNNING', fromMaster);
    expect(story.wait(600).clientEvents).toEqual([]);
  });
});
