import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../generated/protocol.js';
import {
  addResources,
  containsResources,
  intervalsIn,
  reservationRole,
  reservedResources,
  scalarOf,
  subtractResources,
  unreservedResources,
} from './resources.js';

const cpus = (value: number, more: Partial<Resource> = {}): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value }, ...more });
const ports = (...range: [number, number][]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: range.map(([begin, end]) => ({ begin, end })) },
});
const zones = (...item: string[]): Resource => ({ name: 'zones', type: 'SET', set: { item } });
const reservedFor = (role: string): Partial<Resource> => ({ reservations: [{ type: 'STATIC', role }] });

describe('resources', () => {
  it('are reckoned in thousandths, so that ten tenths are one', () => {
    const sum = Array.from({ length: 10 }, () => [cpus(0.1)]).reduce<Resource[]>(addResources, []);
    expect(sum).toEqual([cpus(1)]);
    expect(subtractResources([cpus(1)], sum)).toEqual([]);
    expect(addResources([cpus(0.1)], [cpus(0.0004)])).toEqual([cpus(0.1)]);
  });

  it('of ranges and sets are sets of numbers and names', () => {
    expect(addResources([ports([1, 5])], [ports([6, 9], [20, 30])])).toEqual([ports([1, 9], [20, 30])]);
    expect(subtractResources([ports([1, 9])], [ports([3, 4], [9, 20])])).toEqual([ports([1, 2], [5, 8])]);
    expect(subtractResources([zones('a', 'b')], [zones('b', 'c')])).toEqual([zones('a')]);
    expect(intervalsIn([ports([5, 9]), cpus(1), ports([1, 4])], 'ports')).toEqual([[1, 9]]);
  });

  it('stay apart when they are reserved for different roles, revocable, or of another disk', () => {
    const mine = cpus(2, reservedFor('me'));
    const offered = [cpus(4), mine, cpus(1, { revocable: {} })];
    expect(addResources([], offered)).toEqual(offered);
    expect(containsResources(offered, [cpus(5)])).toBe(false);
    expect(containsResources(offered, [cpus(4), mine])).toBe(true);
    expect(subtractResources(offered, [cpus(2, reservedFor('me'))])).toEqual([cpus(4), cpus(1, { revocable: {} })]);
    expect(unreservedResources(offered)).toEqual([cpus(4), cpus(1, { revocable: {} })]);
    expect(reservedResources(offered, 'me')).toEqual([mine]);
    expect(scalarOf(offered, 'cpus')).toBe(7);
  });

  it('of the format before refinement say their role themselves', () => {
    expect(reservationRole(cpus(1, { role: '*' }))).toBeUndefined();
    expect(reservationRole(cpus(1, { role: 'me' }))).toBe('me');
    expect(addResources([cpus(1, { role: '*' })], [cpus(1)])).toHaveLength(1);
  });

  it('that are one exclusive disk are taken as a whole', () => {
    const disk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, disk: { source: { type: 'MOUNT' } } };
    expect(addResources([disk], [disk])).toEqual([disk, disk]);
    expect(subtractResources([disk], [disk])).toEqual([]);
  });

  const one = fc.oneof(
    fc
      .record({ value: fc.integer({ min: 1, max: 5000 }), role: fc.constantFrom('', 'a', 'b') })
      .map(({ value, role }) => cpus(value / 1000, role === '' ? {} : reservedFor(role))),
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 4 })
      .map((pairs) => ports(...pairs.map(([begin, more]): [number, number] => [begin, begin + more]))),
    fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }).map((items) => zones(...items)),
  );
  const some = fc.array(one, { maxLength: 5 }).map((list) => addResources([], list));

  it('contain what was added, and nothing that was taken away', () => {
    fc.assert(
      fc.property(some, some, (left, right) => {
        const sum = addResources(left, right);
        expect(containsResources(sum, left) && containsResources(sum, right)).toBe(true);
        const rest = subtractResources(left, right);
        expect(containsResources(left, rest)).toBe(true);
        expect(subtractResources(left, left)).toEqual([]);
        if (containsResources(left, right)) expect(scalarOf(rest, 'cpus')).toBeCloseTo(scalarOf(left, 'cpus') - scalarOf(right, 'cpus'), 6);
      }),
    );
  });

  it('of scalars alone can be taken away again without a trace', () => {
    const scalars = some.map((list) => list.filter(({ type }) => type === 'SCALAR'));
    fc.assert(
      fc.property(scalars, scalars, (left, right) => {
        const back = subtractResources(addResources(left, right), right);
        expect([containsResources(left, back), containsResources(back, left)]).toEqual([true, true]);
      }),
    );
  });
});
