import { topologyOf, type Body } from '@streams-on-mesos/messages';
import { PublishError, type PublishFailure, type PublishOptions } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Effect } from '../domain/effects.js';
import type { DomainEvent } from '../domain/events.js';
import { releaseEffects } from './outputs.js';

const CALL: Effect = {
  type: 'call',
  id: '3-7',
  traceId: 't1',
  call: { allocation_term: 3, subscription: { term: 1, counter: 1 }, decline: { offer_ids: ['o1'] } },
};

/** What leaves, in order, and what the domain is told, while the broker answers publishes with `failure`. */
const release = async (effects: readonly Effect[], failure?: PublishFailure) => {
  const left: string[] = [];
  const told: DomainEvent[] = [];
  const publish = (where: string, body: Body, { id = '', deadlineMs }: PublishOptions = {}) => {
    left.push([where, Object.keys(body).join(), id, deadlineMs].filter((part) => part !== '' && part !== undefined).join(' '));
    const envelope = { id, sent_at_ms: 1, trace_id: '' };
    return failure === undefined ? Promise.resolve(envelope) : Promise.reject(new PublishError(failure, `the broker: ${failure}`));
  };
  const out = releaseEffects({
    amqp: {
      publish: (queue, body, options) => publish(queue.name, body, options),
      publishReply: (replyTo, body) => publish(replyTo, body),
      publishCopy: (body) => void left.push(`copy ${Object.keys(body).join()}`),
    },
    topology: topologyOf('f'),
    ahead: () => 500,
    logger: pino({ level: 'silent' }),
    submit: (event) => {
      told.push(event);
      return Promise.resolve();
    },
    answerHttp: (replyTo) => void left.push(replyTo),
  });
  effects.forEach(out);
  await vi.advanceTimersByTimeAsync(1_000);
  return { left, told };
};

describe('outputs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leave in their order, each to where it belongs', async () => {
    const reply = { in_reply_to: 'm1', done: {} };
    const desiredState = { allocation_term: 3, revision: 1, roles: [], revive_counter: 0 };
    const { left, told } = await release([
      { type: 'hello', allocationTerm: 3 },
      { type: 'desired-state', desiredState },
      CALL,
      { type: 'reply', replyTo: 'asker', inReplyTo: 'm1', reply, traceId: 't1' },
      { type: 'reply', replyTo: 'http:m2', inReplyTo: 'm2', reply, traceId: 't1' },
      { type: 'client-event', event: { sequence: 1, client_id: 'c', kind: 'ALLOCATED', resources: [] }, traceId: 't1' },
      { type: 'request-ready', clientId: 'c', requestId: 'r', traceId: 't1' },
    ]);
    const calls = ['f.calls hello', 'f.calls desired_state', 'f.calls call 3-7'];
    expect(left).toEqual([...calls, 'asker reply', 'http:m2', 'copy client_event', 'copy request_ready']);
    expect(told).toEqual([]);
  });

  it('give deadlines by the clock of the machine, not by the leader’s', async () => {
    const resource = { id: 'resource_0', owner: 'c', state: 'STOPPING', request_state: 'REQUEST_RELEASED', completion: 'NONE' } as const;
    const described = { ...resource, requested: { cpus: 1, mem: 32 }, created_at_ms: 1 };
    const question = { run_stop_hook: { ask_id: '3-ask-1', allocation_term: 3, resource: described } };
    const { left } = await release([{ type: 'ask-hook', question, deadlineMs: 10_500, traceId: 't1' }]);
    expect(left).toEqual(['f.hooks run_stop_hook 10000']);
  });

  it('tell the domain of a call that nobody can have read, and only of that', async () => {
    const notSent = { type: 'call-answered', callId: '3-7', result: 'NOT_SENT' };
    expect((await release([CALL], 'not-connected')).told).toMatchObject([notSent]);
    expect((await release([CALL], 'returned')).told).toMatchObject([notSent]);
    expect((await release([CALL], 'nacked')).told).toEqual([]);
    expect((await release([CALL], 'connection-lost')).told).toEqual([]);
  });

  it('make the domain tell its state again when the broker refused it, not when it is away', async () => {
    const hello: Effect = { type: 'hello', allocationTerm: 3 };
    expect((await release([hello], 'returned')).told).toEqual([{ type: 'reconnected' }]);
    expect((await release([hello], 'not-connected')).told).toEqual([]);
  });
});
