import { describe, expect, it } from 'vitest';
import { scalar } from '../../../resources/quantity.js';
import { addClient, allocated, inOrder, newSorter, removeClient, setActive, unallocated, type Sorter, type Totals } from './sorter.js';

const totals: Totals = { milli: new Map([['cpus', 100_000]]), version: 1 };
const cpus = (count: number) => [scalar('cpus', count)];

const sorterOf = (...clients: string[]): Sorter => {
  const sorter = newSorter();
  for (const client of clients) {
    addClient(sorter, client);
    setActive(sorter, client, true);
  }
  return sorter;
};

describe('the fair order', () => {
  it('the smallest dominant share comes first, whichever resource is dominant', () => {
    const both: Totals = {
      milli: new Map([
        ['cpus', 10_000],
        ['mem', 100_000],
      ]),
      version: 1,
    };
    const sorter = sorterOf('a', 'b');
    allocated(sorter, 'a', [scalar('cpus', 1), scalar('mem', 30)], both);
    allocated(sorter, 'b', [scalar('cpus', 2), scalar('mem', 1)], both);
    expect(inOrder(sorter, both)).toEqual(['b', 'a']);
  });

  it('equal shares: who was given less often comes first, then by name', () => {
    const sorter = sorterOf('b', 'a', 'c');
    expect(inOrder(sorter, totals)).toEqual(['a', 'b', 'c']);
    allocated(sorter, 'a', cpus(1), totals);
    unallocated(sorter, 'a', cpus(1), totals);
    expect(inOrder(sorter, totals)).toEqual(['b', 'c', 'a']);
  });

  it('each level of the hierarchy is sorted by itself', () => {
    const sorter = sorterOf('a/x', 'a/y', 'b');
    allocated(sorter, 'a/x', cpus(2), totals);
    allocated(sorter, 'b', cpus(1), totals);
    // y holds nothing, but a as a whole holds more than b.
    expect(inOrder(sorter, totals)).toEqual(['b', 'a/y', 'a/x']);
  });

  it('a role with others below it stands among them', () => {
    const sorter = sorterOf('a', 'a/x');
    expect(inOrder(sorter, totals)).toEqual(['a', 'a/x']);
    allocated(sorter, 'a', cpus(1), totals);
    expect(inOrder(sorter, totals)).toEqual(['a/x', 'a']);
  });

  it('the inactive are left out but keep what they hold', () => {
    const sorter = sorterOf('a', 'b');
    allocated(sorter, 'a', cpus(1), totals);
    setActive(sorter, 'a', false);
    expect(inOrder(sorter, totals)).toEqual(['b']);
    setActive(sorter, 'a', true);
    expect(inOrder(sorter, totals)).toEqual(['b', 'a']);
  });

  it('who is removed takes along what it held', () => {
    const sorter = sorterOf('a/x', 'a/y', 'b');
    allocated(sorter, 'a/x', cpus(9), totals);
    allocated(sorter, 'b', cpus(1), totals);
    removeClient(sorter, 'a/x');
    expect(inOrder(sorter, totals)).toEqual(['a/y', 'b']);
    removeClient(sorter, 'a/y');
    expect([...sorter.root.children.keys()]).toEqual(['b']);
  });

  it('shares follow the totals', () => {
    const sorter = sorterOf('a', 'b');
    const growing: Totals = {
      milli: new Map([
        ['cpus', 10_000],
        ['mem', 10_000],
      ]),
      version: 1,
    };
    allocated(sorter, 'a', cpus(2), growing);
    allocated(sorter, 'b', [scalar('mem', 3)], growing);
    expect(inOrder(sorter, growing)).toEqual(['a', 'b']);
    growing.milli.set('mem', 100_000);
    growing.version += 1;
    expect(inOrder(sorter, growing)).toEqual(['b', 'a']);
  });
});
