import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { Call, Event } from '../generated/protocol.js';
import { codecOf } from './codec-of.js';
import { MessageError } from './message-form.js';

const json = codecOf('json');
const pb = codecOf('protobuf');
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8');

const update: Event = {
  type: 'UPDATE',
  update: {
    status: {
      task_id: { value: 'tâche' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: 'M+CZBVpNSBqvUqrHn8iiWw==',
      timestamp: 1795221578.817208,
      healthy: false,
    },
  },
};

describe.each(['json', 'protobuf'] as const)('codec %s', (encoding) => {
  const codec = codecOf(encoding);

  it('reads back what it wrote: enums by name, bytes in base64, false and 0 kept', () => {
    expect(codec.decodeEvent(codec.encodeEvent(update))).toEqual(update);
    const call: Call = {
      type: 'KILL',
      framework_id: { value: 'f' },
      kill: { task_id: { value: 't' }, kill_policy: { grace_period: { nanoseconds: 0 } } },
    };
    expect(codec.decodeCall(codec.encodeCall(call))).toEqual(call);
  });

  it('carries infinite limits', () => {
    const call: Call = {
      type: 'ACCEPT',
      accept: {
        operations: [
          {
            type: 'LAUNCH',
            launch: {
              task_infos: [{ name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, limits: { cpus: { value: Infinity } } }],
            },
          },
        ],
      },
    };
    expect(codec.decodeCall(codec.encodeCall(call))).toEqual(call);
  });

  it('names the field that a call misses or has too much', () => {
    expect(() => codec.encodeCall({ type: 'KILL', kill: {} as Call.Kill })).toThrow('call.kill.task_id: required and missing');
    expect(() => codec.encodeCall({ type: 'REVIVE', revive: { role: 'a' } as Call.Revive })).toThrow(
      'call.revive.role: Revive has no such field',
    );
    expect(() => codec.encodeCall({ type: 'REVIEV' as Call.Type })).toThrow(
      /^call.type: one of UNKNOWN, SUBSCRIBE.* expected, not "REVIEV"/,
    );
    expect(() => codec.encodeCall({ type: 'DECLINE', decline: { offer_ids: [{ value: 7 as unknown as string }] } })).toThrow(
      'call.decline.offer_ids[0].value: a string expected, not 7',
    );
  });

  it('fails on any bytes with a MessageError or gives a message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        try {
          expect(typeof codec.decodeEvent(input)).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(MessageError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('JSON', () => {
  it('takes numbers as strings, null as absent, and ignores unknown fields and unknown values of optional enums', () => {
    const event = {
      type: 'SUBSCRIBED',
      novelty: { a: [1] },
      subscribed: { framework_id: { value: 'f', more: 1 }, heartbeat_interval_seconds: '15', master_info: null },
    };
    expect(json.decodeEvent(bytes(event))).toEqual({
      type: 'SUBSCRIBED',
      subscribed: { framework_id: { value: 'f' }, heartbeat_interval_seconds: 15 },
    });
    expect(json.decodeEvent(bytes({ type: 'FROM_THE_FUTURE' }))).toEqual({});
  });

  it('writes infinite numbers as strings', () => {
    const text = Buffer.from(json.encodeCall({ type: 'DECLINE', decline: { filters: { refuse_seconds: Infinity } } })).toString();
    expect(JSON.parse(text)).toEqual({ type: 'DECLINE', decline: { filters: { refuse_seconds: 'Infinity' } } });
  });

  it.each([
    ['', /not JSON/],
    ['[]', /^event: an object expected/],
    ['{"type":7777,"subscribed":{}}', /^event.subscribed.framework_id: required and missing/],
    ['{"error":{"message":5}}', /^event.error.message: a string expected, not 5/],
    ['{"offers":{"offers":{}}}', /^event.offers.offers: an array expected/],
    ['{"failure":{"status":2147483648}}', /^event.failure.status: a number of type int32 expected/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => json.decodeEvent(Buffer.from(text))).toThrow(message);
  });

  it('does not let a key reach the prototype', () => {
    const hostile = Buffer.from('{"type":"HEARTBEAT","__proto__":{"type":"ERROR"},"constructor":{}}');
    expect(json.decodeEvent(hostile)).toEqual({ type: 'HEARTBEAT' });
  });
});

describe('protobuf', () => {
  it('ignores unknown fields', () => {
    const unknownField = protobuf.Writer.create()
      .uint32((9999 << 3) | 2)
      .string('new')
      .finish();
    expect(pb.decodeEvent(Buffer.concat([pb.encodeEvent(update), unknownField]))).toEqual(update);
  });

  it('is the same message as the JSON form', () => {
    expect(json.decodeEvent(json.encodeEvent(pb.decodeEvent(pb.encodeEvent(update))))).toEqual(update);
  });
});
