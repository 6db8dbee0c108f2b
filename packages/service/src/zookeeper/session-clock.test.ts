import { describe, expect, it } from 'vitest';
import { SessionClock } from './session-clock.js';

describe('the clock of a session', () => {
  it('runs out a little before the timeout has passed since the last answered request was sent', () => {
    const clock = new SessionClock(8000, 100);
    expect(clock.overAt).toBe(7700);
    expect([clock.isOver(7699), clock.isOver(7700)]).toEqual([false, true]);
    clock.answered(5000);
    expect([clock.isOver(12_599), clock.isOver(12_600)]).toEqual([false, true]);
  });

  it('is not set back by an old answer', () => {
    const clock = new SessionClock(8000, 100);
    clock.answered(5000);
    clock.answered(200);
    expect(clock.overAt).toBe(12_600);
  });

  it('is not prolonged by a reconnection, of which a process that was paused hears late, but the server gets time to answer', () => {
    const clock = new SessionClock(9000, 0);
    clock.reconnected(8000);
    expect([clock.isOver(8550), clock.isSilent(8549), clock.isSilent(14_000)]).toEqual([true, false, true]);
  });

  it('calls the server silent while there is still time to try another', () => {
    const clock = new SessionClock(9000, 0);
    expect([clock.isSilent(5999), clock.isSilent(6000), clock.isOver(6000)]).toEqual([false, true, false]);
  });
});
