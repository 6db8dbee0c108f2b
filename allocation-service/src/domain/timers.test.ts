import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timers } from './timers.js';

const drain = (timers: Timers, now: number): string[] => {
  const due: string[] = [];
  for (let name = timers.takeDue(now); name !== undefined; name = timers.takeDue(now)) due.push(name);
  return due;
};

describe('timers', () => {
  it('give what is due, the earliest first, and say when the next one is', () => {
    const timers = new Timers();
    timers.set('b', 20);
    timers.set('a', 10);
    timers.set('c', 30);
    expect(timers.next()).toBe(10);
    expect(drain(timers, 25)).toEqual(['a', 'b']);
    expect(timers.next()).toBe(30);
  });

  it('forget what was cancelled or replaced', () => {
    const timers = new Timers();
    timers.set('a', 10);
    timers.set('a', 50);
    timers.set('b', 20);
    timers.cancel('b');
    expect(timers.next()).toBe(50);
    expect(drain(timers, 40)).toEqual([]);
    expect(drain(timers, 50)).toEqual(['a']);
    expect(timers.next()).toBeUndefined();
  });

  it('behave as a plain list would', () => {
    const action = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.option(fc.nat(20)) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.nat(20), (actions, now) => {
        const timers = new Timers();
        const list = new Map<string, number>();
        for (const { name, at } of actions) {
          if (at === null) {
            timers.cancel(name);
            list.delete(name);
          } else {
            timers.set(name, at);
            list.set(name, at);
          }
        }
        expect(timers.next()).toBe(list.size === 0 ? undefined : Math.min(...list.values()));
        const due = [...list].filter(([, at]) => at <= now).map(([name]) => name);
        expect(drain(timers, now).sort()).toEqual(due.sort());
      }),
    );
  });
});
