import type { Offer, TaskStatus } from '@streams-on-mesos/mesos';
import { describe, expect, it } from 'vitest';
import { groupExecutor, type ExecutionPlan } from './execution-plan.js';
import { newExecution, type ExecutionEffect, type ExecutionEvent, type ExecutionState } from './execution-state.js';
import { parseResources } from './resources-text.js';
import { stepExecution } from './step-execution.js';

const task = (id: string) => ({ name: id, task_id: { value: id }, resources: parseResources('cpus:1'), command: { value: 'true' } });
const plan = (overrides: Partial<ExecutionPlan> = {}): ExecutionPlan => ({
  tasks: [task('t')],
  executor: undefined,
  role: '*',
  killAfterMs: undefined,
  timeoutMs: undefined,
  ...overrides,
});
const offer = (id: string, resources = 'cpus:4;mem:1000;disk:1000'): Offer => ({
  id: { value: id },
  framework_id: { value: 'f' },
  agent_id: { value: `agent-of-${id}` },
  hostname: `host-of-${id}`,
  resources: parseResources(resources),
});
const update = (state: TaskStatus['state'], overrides: Partial<TaskStatus> = {}): ExecutionEvent => ({
  type: 'status',
  status: { task_id: { value: 't' }, state, ...overrides },
});

/** All effects of a history, and where it ended. */
const history = (start: ExecutionPlan, ...events: readonly ExecutionEvent[]) =>
  events.reduce<{ state: ExecutionState; effects: ExecutionEffect[]; last: readonly ExecutionEffect[] }>(
    ({ state, effects }, event) => {
      const step = stepExecution(state, event);
      return { state: step.state, effects: [...effects, ...step.effects], last: step.effects };
    },
    { state: newExecution(start), effects: [], last: [] },
  );
const subscribed: ExecutionEvent = { type: 'subscribed', frameworkId: 'f' };
const offered = (...offers: Offer[]): ExecutionEvent => ({ type: 'offers', offers });
const launched = [subscribed, offered(offer('o'))];

describe('an execution', () => {
  it('takes the first offer that fits and declines the others', () => {
    const { last } = history(plan(), subscribed, offered(offer('small', 'cpus:0.5'), offer('a'), offer('b')));
    expect(last.map(({ type }) => type)).toEqual(['accept', 'tell', 'decline', 'suppress', 'alarm']);
    expect(last[0]).toMatchObject({ offerId: 'a', operation: { type: 'LAUNCH' } });
    expect(last[2]).toEqual({ type: 'decline', offerIds: ['small', 'b'] });
  });

  it('what comes after the launch is declined', () => {
    expect(history(plan(), ...launched, offered(offer('p'))).last).toEqual([{ type: 'decline', offerIds: ['p'] }]);
  });

  it('a group needs room for its executor, too', () => {
    const group = plan({ tasks: [task('t'), task('u')], executor: groupExecutor });
    expect(history(group, subscribed, offered(offer('o', 'cpus:2;mem:100;disk:100'))).last[0]?.type).toBe('decline');
    const { effects } = history(group, subscribed, offered(offer('o', 'cpus:2.1;mem:100;disk:100')));
    expect(effects.find(({ type }) => type === 'accept')).toMatchObject({
      operation: { type: 'LAUNCH_GROUP', launch_group: { executor: { framework_id: { value: 'f' } } } },
    });
  });

  it('a group is done when all its tasks are', () => {
    const group = plan({ tasks: [task('t'), task('u')] });
    const first = history(group, ...launched, update('TASK_FINISHED'));
    expect(first.state.phase).toBe('launched');
    expect(history(group, ...launched, update('TASK_FINISHED'), update('TASK_FAILED', { task_id: { value: 'u' } })).last.at(-1)).toEqual({
      type: 'end',
      failure: "task 'u' ended with TASK_FAILED",
    });
  });

  it('an update that comes again is acknowledged again and told once', () => {
    const running = update('TASK_RUNNING', { uuid: 'u1' });
    expect(history(plan(), ...launched, running, running).last).toEqual([expect.objectContaining({ type: 'acknowledge' })]);
  });

  it.each([
    ['the call was not sent', { type: 'accepted', result: { result: 'not-sent', reason: 'gone' } } as const],
    ['the offer was no longer valid', update('TASK_DROPPED', { reason: 'REASON_INVALID_OFFERS', message: 'stale' })],
  ])('takes another offer when %s', (_why, event) => {
    const waiting = history(plan(), ...launched, event);
    expect(waiting.effects).toContainEqual({ type: 'revive' });
    expect(stepExecution(waiting.state, offered(offer('p'))).effects[0]).toMatchObject({ type: 'accept', offerId: 'p' });
  });

  it('asks what became of its task after a loss of the connection, and suppresses again', () => {
    expect(history(plan(), ...launched, update('TASK_RUNNING'), subscribed).last).toEqual([
      { type: 'suppress' },
      { type: 'reconcile', tasks: [{ taskId: 't', agentId: 'agent-of-o' }] },
    ]);
  });

  it('a task that is unknown may be known soon; after several such answers it is not', () => {
    const unknown = update('TASK_UNKNOWN');
    const patient = history(plan(), ...launched, unknown, unknown, unknown, update('TASK_RUNNING'), unknown);
    expect(patient.state.phase).toBe('launched');
    expect(history(plan(), ...launched, unknown, unknown, unknown, unknown).last.at(-1)).toEqual({
      type: 'end',
      failure: "task 't' is known to no agent",
    });
  });

  it('unreachable is not dead: it asks again', () => {
    const { state } = history(plan(), ...launched, update('TASK_UNREACHABLE'));
    expect(stepExecution(state, { type: 'alarm', alarm: { kind: 'reconcile' } }).effects.map(({ type }) => type)).toEqual([
      'reconcile',
      'alarm',
    ]);
  });

  it('interrupted before anything was launched it ends at once', () => {
    expect(history(plan(), subscribed, { type: 'interrupted' }).last).toEqual([{ type: 'end', failure: 'interrupted' }]);
  });

  it('asks for a kill until it is heard, and gives up in the end', () => {
    const stopping = history(plan(), ...launched, update('TASK_RUNNING'), { type: 'interrupted' });
    expect(stopping.last.map(({ type }) => type)).toEqual(['tell', 'kill', 'alarm', 'alarm']);
    expect(stepExecution(stopping.state, { type: 'alarm', alarm: { kind: 'kill-again' } }).effects[0]?.type).toBe('kill');
    expect(stepExecution(stopping.state, { type: 'alarm', alarm: { kind: 'give-up' } }).effects).toEqual([
      { type: 'end', failure: 'interrupted: no news of t ending' },
    ]);
  });

  it('says after a while that nothing is offered, and how no master was found', () => {
    expect(history(plan(), subscribed, { type: 'alarm', alarm: { kind: 'no-offer' } }).last[0]).toEqual({
      type: 'note',
      text: 'no agent offers anything to this role yet',
    });
    const lost = history(plan(), { type: 'not-subscribed', reason: 'nobody there' }, { type: 'alarm', alarm: { kind: 'no-master' } });
    expect(lost.last).toEqual([{ type: 'end', failure: 'no subscription within 30 s: nobody there' }]);
  });
});
