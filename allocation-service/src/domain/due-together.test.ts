import { describe, expect, it } from 'vitest';
import { DueTogether } from './due-together.js';
import { Timers } from './timers.js';

describe('what is due together', () => {
  it('has one timer a time and is taken out once', () => {
    const timers = new Timers();
    const meals = new DueTogether<string>('meal');
    meals.add(timers, 20, 'soup');
    meals.add(timers, 10, 'tea');
    meals.add(timers, 20, 'bread');
    expect(timers.takeDue(20)).toBe('meal:10');
    expect(timers.takeDue(20)).toBe('meal:20');
    expect(timers.takeDue(20)).toBeUndefined();
    expect(meals.take(20)).toEqual(['soup', 'bread']);
    expect(meals.take(20)).toEqual([]);
    expect(meals.take(10)).toEqual(['tea']);
  });

  it('has a timer again after it was taken out', () => {
    const timers = new Timers();
    const meals = new DueTogether<string>('meal');
    meals.add(timers, 10, 'tea');
    timers.takeDue(10);
    meals.take(10);
    meals.add(timers, 10, 'soup');
    expect(timers.takeDue(10)).toBe('meal:10');
    expect(meals.take(10)).toEqual(['soup']);
  });
});
