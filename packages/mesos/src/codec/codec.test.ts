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
  it('takes numbers as strings, and null as absent', () => {
    const event = {
      type: 'SUBSCRIBED',
      subscribed: { framework_id: { value: 'f' }, heartbeat_interval_seconds: '15', master_info: null },
    };
    expect(json.decodeEvent(bytes(event))).toEqual({
      type: 'SUBSCRIBED',
      subscribed: { framework_id: { value: 'f' }, heartbeat_interval_seconds: 15 },
    });
  });

  it('writes infinite numbers as strings', () => {
    const text = Buffer.from(json.encodeCall({ type: 'DECLINE', decline: { filters: { refuse_seconds: Infinity } } })).toString();
    expect(JSON.parse(text)).toEqual({ type: 'DECLINE', decline: { filters: { refuse_seconds: 'Infinity' } } });
  });

  it.each([
    ['', /not JSON/],
    ['[]', /^event: an object expected/],
    ['{"type":7.5}', /^event.type: one of UNKNOWN, .* expected, not 7.5/],
    ['{"subscribed":{}}', /^event.subscribed.framework_id: required and missing/],
    ['{"error":{"message":5}}', /^event.error.message: a string expected, not 5/],
    ['{"offers":{"offers":{}}}', /^event.offers.offers: an array expected/],
    ['{"failure":{"status":2147483648}}', /^event.failure.status: a number of type int32 expected/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => json.decodeEvent(Buffer.from(text))).toThrow(message);
  });

  it('does not let a key reach the prototype', () => {
    const hostile = Buffer.from('{"type":"HEARTBEAT","__proto__":{"type":"ERROR"}}');
    expect(Object.getPrototypeOf(json.decodeEvent(hostile))).toBe(Object.prototype);
    expect(json.decodeEvent(hostile)).toEqual({ type: 'HEARTBEAT' });
  });
});

describe('protobuf', () => {
  it('is the same message as the JSON form', () => {
    expect(json.decodeEvent(json.encodeEvent(pb.decodeEvent(pb.encodeEvent(update))))).toEqual(update);
  });
});

describe('what a newer Mesos says', () => {
  const field = (id: number, text: string) =>
    Buffer.from(
      protobuf.Writer.create()
        .uint32((id << 3) | 2)
        .string(text)
        .finish(),
    );
  /** An event with field 9999 in its middle and at its end, and with an enum value and a 64-bit integer that nobody knows. */
  const fromTheFuture = (): Buffer => {
    const status = Buffer.concat([
      Buffer.from(
        protobuf.Writer.create()
          .uint32(10)
          .bytes(Buffer.concat([field(1, 'task'), field(9999, 'in the id')]))
          .finish(),
      ),
      Buffer.from(protobuf.Writer.create().uint32(16).int32(4711).finish()),
      Buffer.from(protobuf.Writer.create().uint32(114).bytes(Buffer.from('08ffffffffffffffff7f', 'hex')).finish()),
      field(9999, 'in the status'),
    ]);
    const update = protobuf.Writer.create().uint32(10).bytes(status).finish();
    return Buffer.concat([
      Buffer.from([0x08, 0x04]),
      Buffer.from(protobuf.Writer.create().uint32(42).bytes(update).finish()),
      field(9999, 'new'),
    ]);
  };

  it('survives decoding and encoding byte for byte in protobuf', () => {
    const event = fromTheFuture();
    expect(Buffer.from(pb.encodeEvent(pb.decodeEvent(event))).toString('hex')).toBe(event.toString('hex'));
  });

  it('survives in copies, as a task that takes an offer`s resources makes them', () => {
    const resource = Buffer.concat([field(1, 'cpus'), Buffer.from([0x10, 0x00]), field(9999, 'kept')]);
    const offer = Buffer.concat([
      ...[1, 2, 3].map((id) =>
        Buffer.from(
          protobuf.Writer.create()
            .uint32((id << 3) | 2)
            .bytes(field(1, 'i'))
            .finish(),
        ),
      ),
      field(4, 'host'),
      Buffer.from(protobuf.Writer.create().uint32(42).bytes(resource).finish()),
    ]);
    const offers = protobuf.Writer.create().uint32(10).bytes(offer).finish();
    const event = pb.decodeEvent(
      Buffer.concat([Buffer.from([0x08, 0x02]), Buffer.from(protobuf.Writer.create().uint32(26).bytes(offers).finish())]),
    );
    const resources = (event.offers?.offers?.[0]?.resources ?? []).map((one) => ({ ...one, scalar: { value: 1 } }));
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, resources };
    const call: Call = { type: 'ACCEPT', accept: { operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] } };
    expect(Buffer.from(pb.encodeCall(call)).includes(field(9999, 'kept'))).toBe(true);
  });

  it('survives decoding and encoding byte for byte in JSON, integers above 2^53 as strings', () => {
    const text =
      '{"novelty":{"a":[1]},"type":"FROM_THE_FUTURE","subscribed":{"framework_id":{"more":1,"value":"f"},"heartbeat_interval_seconds":15}}';
    expect(Buffer.from(json.encodeEvent(json.decodeEvent(Buffer.from(text)))).toString()).toBe(text);
    const times =
      '{"inverse_offers":{"inverse_offers":[{"id":{"value":"o"},"framework_id":{"value":"1234567890123456789"},"unavailability":{"start":{"nanoseconds":1795225312724000001}}}]}}';
    const decoded = json.decodeEvent(Buffer.from(times));
    expect(decoded.inverse_offers?.inverse_offers?.[0]?.unavailability.start.nanoseconds).toBe('1795225312724000001');
    expect(Buffer.from(json.encodeEvent(decoded)).toString()).toBe(times.replace(':1795225312724000001', ':"1795225312724000001"'));
    expect(pb.decodeEvent(pb.encodeEvent(decoded))).toEqual(decoded);
  });

  it('is not taken for a mistake, but a mistake beside it is', () => {
    const event = json.decodeEvent(Buffer.from('{"novelty":1,"type":"HEARTBEAT"}'));
    expect(() => json.encodeEvent({ ...event, mistake: 1 } as Event)).toThrow('event.mistake: Event has no such field');
  });
});
