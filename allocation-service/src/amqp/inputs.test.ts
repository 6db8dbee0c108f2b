import { topologyOf, type Envelope } from '@streams-on-mesos/messages';
import type { Delivery, DeliveryHandler } from '@streams-on-mesos/service';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain/events.js';
import { EngineStoppedError, StepFailedError } from '../engine.js';
import { consumeInputs } from './inputs.js';

const NOW = 1_795_221_581_619;
const envelope = (body: Partial<Envelope>): Envelope => ({ id: 'm1', sent_at_ms: NOW, trace_id: 't1', ...body });
const ALLOCATE = envelope({
  deadline_ms: NOW + 1,
  allocate: { request_id: 'r', client_id: 'c', count: 1, each: { cpus: 1, mem: 32 }, workload: { command: 'true' } },
});

/** What became of one message, given what the engine did with its event. */
const take = async (
  message: Envelope,
  engine: (event: DomainEvent) => Promise<void> = () => Promise.resolve(),
  unhandleable = new Map<string, string>(),
) => {
  const handlers = new Map<string, DeliveryHandler>();
  const fate: string[] = [];
  const events: DomainEvent[] = [];
  consumeInputs({
    amqp: {
      consume: (queue, handler) => void handlers.set(queue.name, handler),
      publishReply: (replyTo, body) => {
        fate.push(`reply ${body.reply?.error?.code} to ${replyTo}`);
        return Promise.resolve(message);
      },
    },
    topology: topologyOf('f'),
    logger: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    submit: (event) => {
      events.push(event);
      return engine(event);
    },
    now: () => NOW,
    ahead: () => 500,
    unhandleable,
  });
  const delivery: Delivery = {
    envelope: message,
    redelivered: false,
    replyTo: 'asker',
    ack: () => fate.push('ack'),
    reject: (reason) => fate.push(`reject: ${reason}`),
    requeue: () => fate.push('requeue'),
  };
  await handlers.get('f.requests')?.(delivery);
  return { fate, events };
};

describe('inputs from RabbitMQ', () => {
  it('are acknowledged once the engine has made them durable', async () => {
    const { fate, events } = await take(ALLOCATE);
    expect(fate).toEqual(['ack']);
    const expected = { type: 'request', messageId: 'm1', replyTo: 'asker', traceId: 't1', body: { kind: 'allocate' } };
    // The leader's clock is ahead: by it the request has as long as by the machine's.
    expect(events).toMatchObject([{ ...expected, deadlineMs: NOW + 1 + 500 }]);
  });

  it('stay unacknowledged when this instance stops leading', async () => {
    const { fate } = await take(ALLOCATE, () => Promise.reject(new EngineStoppedError('lost')));
    expect(fate).toEqual([]);
  });

  it('are dead letters when the core can not handle them: not at once, for the state must be loaded anew, but when they come again', async () => {
    const unhandleable = new Map<string, string>();
    const failing = () => Promise.reject(new StepFailedError('request could not be handled: boom'));
    expect((await take(ALLOCATE, failing, unhandleable)).fate).toEqual([]);
    const again = await take(ALLOCATE, failing, unhandleable);
    expect(again).toEqual({ fate: ['reject: request could not be handled: boom'], events: [] });
  });

  it('are dead letters when they are for somebody else', async () => {
    const { fate, events } = await take(envelope({ hello: { allocation_term: 1 } }));
    expect(fate).toEqual(['reject: allocation-service does not take hello']);
    expect(events).toEqual([]);
    expect((await take(envelope({}))).fate).toEqual(['reject: allocation-service does not take a body of a newer release']);
  });

  it('that nobody waits for any more are answered so, and not handled', async () => {
    const { fate, events } = await take({ ...ALLOCATE, deadline_ms: NOW - 1 });
    expect(fate).toEqual(['reply DEADLINE_EXCEEDED to asker', 'ack']);
    expect(events).toEqual([]);
  });
});
