import { describe, expect, it } from 'vitest';
import { SessionClock } from './session-clock.js';

describe('the clock of a session', () => {
  it('runs out when the timeout has passed since the last answered request was sent', () => {
    const clock = new SessionClock(9000, 100);
    expect(clock.isOver(9099)).toBe(false);
    expect(clock.isOver(9100)).toBe(true);
    clock.answered(5000);
    expect(clock.isOver(13_999)).toBe(false);
    expect(clock.isOver(14_000)).toBe(true);
  });

  it('is not set back by an old answer', () => {
    const clock = new SessionClock(9000, 100);
    clock.answered(5000);
    clock.answered(200);
    expect(clock.isOver(13_999)).toBe(false);
  });

  it('calls the server silent while there is still time to try another', () => {
    const clock = new SessionClock(9000, 0);
    expect([clock.isSilent(5999), clock.isSilent(6000), clock.isOver(6000)]).toEqual([false, true, false]);
  });
});
