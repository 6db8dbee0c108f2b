import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Envelope, Update } from './index.js';
import { bodyKind, decodeEnvelope, encodeEnvelope, MessageDecodeError } from './index.js';

const envelope = (body: Partial<Envelope>): Envelope => ({ id: 'm1', sent_at_ms: 1_795_221_581_619, trace_id: 't1', ...body });

describe('the codec of messages', () => {
  it('returns what was encoded, enums by name, bytes as base64, times whole', () => {
    const sent = envelope({
      deadline_ms: 1_795_221_586_619,
      update: {
        subscription: { term: 3, counter: 7 },
        sequence: 12,
        status: {
          task_id: { value: 'streams_resource_0_0' },
          state: 'TASK_RUNNING',
          source: 'SOURCE_EXECUTOR',
          uuid: '1cqJ0CjfTYqtCONmkKSDOg==',
          message: 'größer ☕',
        },
      },
    });
    expect(decodeEnvelope(encodeEnvelope(sent))).toEqual(sent);
    expect(bodyKind(sent)).toBe('update');
  });

  it('keeps maps and falsy values', () => {
    const sent = envelope({
      allocate: {
        request_id: 'r',
        client_id: 'c',
        count: 0,
        each: { cpus: 0, mem: 0 },
        workload: { command: '', environment: { A: '' } },
        labels: { tags: 'a,b' },
      },
    });
    expect(decodeEnvelope(encodeEnvelope(sent))).toEqual(sent);
  });

  it('names the required field that a received message lacks', () => {
    const helloWithoutTerm = Buffer.from([...encodeEnvelope(envelope({})), 0xf2, 0x01, 0x00]);
    expect(() => decodeEnvelope(helloWithoutTerm)).toThrow(/allocation_term/);
  });

  it('sends nothing that its receiver would refuse: names what is missing, and a value of an enum that nobody here knows', () => {
    const update = (status: object) => envelope({ update: { subscription: { term: 1, counter: 1 }, sequence: 1, status } as Update });
    expect(() => encodeEnvelope(update({ state: 'TASK_RUNNING' }))).toThrow('TaskStatus.task_id: required and missing');
    expect(() => encodeEnvelope(update({ task_id: { value: 't' }, state: 'TASK_OF_MESOS_9' }))).toThrow(
      /TaskStatus\.state: "TASK_OF_MESOS_9"/,
    );
  });

  it('keeps what a newer sender has added', () => {
    const field9999 = [0xfa, 0xf0, 0x04, 0x01, 0x41];
    const sent = Buffer.from([...encodeEnvelope(envelope({ hello: { allocation_term: 1 } })), ...field9999]);
    expect(decodeEnvelope(sent)).toMatchObject({ hello: { allocation_term: 1 } });
    expect(encodeEnvelope(decodeEnvelope(sent))).toEqual(sent);
  });

  it('takes times with fractions and large ones as whole numbers', () => {
    const sent = { ...envelope({}), sent_at_ms: 1_795_221_581_619.75, deadline_ms: Number.MAX_SAFE_INTEGER };
    expect(decodeEnvelope(encodeEnvelope(sent))).toMatchObject({ sent_at_ms: 1_795_221_581_619, deadline_ms: Number.MAX_SAFE_INTEGER });
  });

  it('meets any bytes with a message or a MessageDecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(decodeEnvelope(bytes)).toBeTypeOf('object');
        } catch (error) {
          expect(error).toBeInstanceOf(MessageDecodeError);
        }
      }),
    );
  });

  it('says undefined for a body that a newer sender added', () => {
    expect(bodyKind(envelope({}))).toBeUndefined();
  });
});
