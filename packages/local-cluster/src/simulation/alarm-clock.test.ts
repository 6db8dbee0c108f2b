import { afterEach, describe, expect, it, vi } from 'vitest';
import { AlarmClock } from './alarm-clock.js';

describe('one timer for many alarms', () => {
  afterEach(() => void vi.useRealTimers());

  it('rings each once, in order of time and then of setting, but for those called off', () => {
    vi.useFakeTimers();
    const clock = new AlarmClock();
    const rung: string[] = [];
    clock.after(30, () => rung.push('c'));
    clock.after(10, () => rung.push('a'));
    clock.after(20, () => rung.push('never'))();
    clock.after(10, () => rung.push('b'));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(9);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(rung).toEqual(['a', 'b']);
    vi.advanceTimersByTime(100);
    expect(rung).toEqual(['a', 'b', 'c']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('what an alarm sets for now rings later, not within it', () => {
    vi.useFakeTimers();
    const clock = new AlarmClock();
    const rung: number[] = [];
    const again = (): void => {
      rung.push(rung.length);
      if (rung.length < 3) clock.after(0, again);
    };
    clock.after(0, again);
    expect(rung).toEqual([]);
    vi.advanceTimersByTime(5);
    expect(rung).toEqual([0, 1, 2]);
  });

  it('stops', () => {
    vi.useFakeTimers();
    const clock = new AlarmClock();
    clock.after(1, () => expect.fail('rang'));
    clock.stop();
    vi.advanceTimersByTime(10);
    expect(vi.getTimerCount()).toBe(0);
  });
});
