import { describe, expect, it } from 'vitest';
import { AsyncQueue } from './async-queue.js';

describe('AsyncQueue', () => {
  it('hands items over in order, those that waited and those that were waited for', async () => {
    const queue = new AsyncQueue<number>();
    for (let item = 0; item < 5_000; item++) queue.push(item);
    for (let item = 0; item < 5_000; item++) expect((await queue.next()).value).toBe(item);
    const waited = [queue.next(), queue.next()];
    queue.push(1);
    queue.push(2);
    expect((await Promise.all(waited)).map(({ value }) => value as number)).toEqual([1, 2]);
    expect(queue.length).toBe(0);
  });

  it('gives what it holds before it ends, and takes nothing after', async () => {
    const queue = new AsyncQueue<string>();
    queue.push('a');
    queue.end();
    queue.push('b');
    const items = [];
    for await (const item of queue) items.push(item);
    expect(items).toEqual(['a']);
  });

  it('ends whoever waits', async () => {
    const queue = new AsyncQueue<string>();
    const waited = queue.next();
    queue.end();
    expect((await waited).done).toBe(true);
  });

  it('tells of each item before it is handed over, and of a loop that is left', async () => {
    const told: string[] = [];
    const queue = new AsyncQueue<string>({ onTake: (item) => told.push(item), onReturn: () => told.push('left') });
    queue.push('a');
    queue.push('b');
    for await (const item of queue) {
      expect(told).toEqual([item]);
      break;
    }
    expect(told).toEqual(['a', 'left']);
  });
});
