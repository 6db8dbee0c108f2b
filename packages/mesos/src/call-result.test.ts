import { describe, expect, it } from 'vitest';
import { callResultOf, endsSubscription } from './call-result.js';

const answered = (status: number, text = '') => ({ kind: 'answered', status, text }) as const;

describe('callResultOf', () => {
  it.each([
    [200, 'sent'],
    [202, 'sent'],
    [307, 'not-sent'],
    [400, 'not-sent'],
    [401, 'not-sent'],
    [403, 'not-sent'],
    [415, 'not-sent'],
    [501, 'not-sent'],
    [503, 'not-sent'],
    [500, 'unknown'],
    [502, 'unknown'],
    [504, 'unknown'],
  ])('takes %i for %s', (status, result) => expect(callResultOf(answered(status)).result).toBe(result));

  it('says why', () => {
    expect(callResultOf(answered(400, 'Framework cannot be found'))).toEqual({
      result: 'not-sent',
      reason: 'the master answered 400: Framework cannot be found',
    });
    expect(callResultOf({ kind: 'unknown', reason: 'cut' })).toEqual({ result: 'unknown', reason: 'cut' });
  });
});

describe('endsSubscription', () => {
  it.each([
    [answered(202), false],
    [answered(403, 'Framework is not subscribed'), true],
    [answered(403, 'Not authorized'), false],
    [answered(400, 'Framework cannot be found'), true],
    // Another instance has subscribed: its stream id counts now, and coming back would throw it out.
    [
      answered(400, "The stream ID 'a' included in this request didn't match the stream ID currently associated with framework ID f"),
      false,
    ],
    [answered(307), true],
    [answered(503, 'No leader elected'), true],
    [answered(500), false],
    [{ kind: 'unknown', reason: 'cut' } as const, false],
  ])('%j: %s', (answer, ends) => expect(endsSubscription(answer)).toBe(ends));
});
