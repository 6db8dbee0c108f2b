import { describe, expect, it } from 'vitest';
import { LeaderClock } from './leader-clock.js';

const HOUR = 3_600_000;

/** A machine whose clock can be set. */
const machine = () => {
  const time = { wall: 1_795_221_581_619, passed: 17.25 };
  const clock = new LeaderClock(
    () => time.wall,
    () => time.passed,
  );
  const pass = (ms: number): void => {
    time.wall += ms;
    time.passed += ms;
  };
  return { time, clock, pass };
};

describe("the leader's clock", () => {
  it('is that of the machine while nobody sets it', () => {
    const { time, clock, pass } = machine();
    for (let ms = 0; ms < 100; ms += 1) {
      pass(ms);
      expect(clock.now()).toBe(time.wall);
    }
    expect(clock.ahead()).toBe(0);
  });

  it.each([
    ['forward', HOUR],
    ['back', -HOUR],
  ])('goes on with what has really passed when the machine’s is set %s', (_way, by) => {
    const { time, clock, pass } = machine();
    const before = clock.now();
    time.wall += by;
    expect([clock.now(), clock.ahead()]).toEqual([before, -by]);
    pass(2_000);
    expect(Math.abs(clock.now() - before - 2_000)).toBeLessThanOrEqual(20);
  });

  it.each([HOUR, -HOUR])('agrees with the machine’s again after a time, and never goes back (set by %d ms)', (by) => {
    const { time, clock, pass } = machine();
    time.wall += by;
    let last = clock.now();
    for (let hours = 0; hours < 101; hours += 1) {
      pass(HOUR);
      const now = clock.now();
      expect(now).toBeGreaterThan(last);
      last = now;
    }
    expect(Math.abs(clock.ahead())).toBeLessThanOrEqual(1);
  });
});
