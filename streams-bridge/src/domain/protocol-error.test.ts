import type { Reply } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { ProtocolErrors } from './protocol-error.js';
import { protocolErrorOf } from './reply-error.js';
import { waitLimitMs } from './waits.js';

const errors = new ProtocolErrors('mesos');

describe('errors of the protocol', () => {
  it('carry exception, key, code, args, field and message', () => {
    expect(errors.invalid('info.count: must not be negative', 'info.count').body()).toEqual({
      exception: 'ResourceManagerException',
      key: 'ERR_RM_UNEXPECTED_ERROR_WITH_MSG',
      code: 'CDISR6001E',
      args: ['mesos', 'info.count: must not be negative'],
      field: 'info.count',
      message: 'The mesos resource manager met an error: info.count: must not be negative',
    });
  });

  it.each<[Reply.Error.Code, number, string]>([
    ['INVALID', 400, 'CDISR6001E'],
    ['NOT_FOUND', 404, 'CDISR6001E'],
    ['CONFLICT', 409, 'CDISR6001E'],
    ['INTERNAL', 502, 'CDISR6000E'],
    ['UNAVAILABLE', 503, 'CDISR6002E'],
    ['DEADLINE_EXCEEDED', 503, 'CDISR6002E'],
  ])('of allocation-service: %s is %i %s', (code, status, key) => {
    const error = protocolErrorOf({ code, message: 'why' }, errors);
    expect([error.status, error.body().code]).toEqual([status, key]);
  });
});

describe('waits', () => {
  it('are by type, and without an end when negative', () => {
    const limits = { synchronousSecs: 30, asynchronousSecs: 0.5, flexibleSecs: -1 };
    expect([waitLimitMs('SYNCHRONOUS', limits), waitLimitMs('ASYNCHRONOUS', limits), waitLimitMs('FLEXIBLE', limits)]).toEqual([
      30_000,
      500,
      undefined,
    ]);
  });
});
