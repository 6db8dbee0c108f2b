import { describe, expect, it } from 'vitest';
import { drainKillPolicy } from './drain-kill-policy.js';

const grace = (seconds: number) => ({ grace_period: { nanoseconds: seconds * 1e9 } });

describe('the grace period of a task on an agent that is drained', () => {
  it.each([
    ['no limit: its own', grace(5), undefined, undefined],
    ['none of its own: the limit', undefined, 3_000, grace(3)],
    ['a shorter one of its own stays', grace(2), 3_000, undefined],
    ['a longer one is cut', grace(5), 3_000, grace(3)],
  ])('%s', (_what, own, limitMs, expected) => {
    expect(drainKillPolicy(own, limitMs)).toEqual(expected);
  });
});
