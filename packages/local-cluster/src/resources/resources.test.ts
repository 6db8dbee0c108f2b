import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, contains, formatResources, fromWire, subtract, toWire, type Resources } from './resources.js';
import { parseAttributes, parseResources, ResourceTextError } from './resources-text.js';

const someResources: fc.Arbitrary<Resources> = fc
  .record({
    cpus: fc.integer({ min: 0, max: 100_000 }),
    mem: fc.integer({ min: 0, max: 100_000 }),
    ports: fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 9 })), { maxLength: 4 }),
    disks: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
  })
  .map(({ cpus, mem, ports, disks }) =>
    [
      [{ name: 'cpus', type: 'SCALAR' as const, milli: cpus }],
      [{ name: 'mem', type: 'SCALAR' as const, milli: mem }],
      ...ports.map(([begin, more]) => [{ name: 'ports', type: 'RANGES' as const, ranges: [[begin, begin + more] as const] }]),
      [{ name: 'disks', type: 'SET' as const, items: disks }],
    ].reduce<Resources>((sum, one) => add(sum, one), []),
  );

const sorted = (resources: Resources): Resources =>
  [...resources]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((one) => (one.type === 'SET' ? { ...one, items: [...one.items].sort() } : one));

describe('resource arithmetic', () => {
  it('what is taken away and added again is what it was', () =>
    fc.assert(
      fc.property(someResources, someResources, (left, right) => {
        const both = add(left, right);
        expect(contains(both, left)).toBe(true);
        expect(contains(both, right)).toBe(true);
        const rest = subtract(both, right);
        expect(sorted(add(rest, right))).toEqual(sorted(both));
      }),
    ));

  it('takes no more than there is', () =>
    fc.assert(
      fc.property(someResources, someResources, (left, right) => {
        expect(contains(left, subtract(left, right))).toBe(true);
        if (contains(right, left)) expect(subtract(left, right)).toEqual([]);
      }),
    ));

  it('is the same after a way over the wire', () =>
    fc.assert(
      fc.property(someResources, (resources) => {
        expect(sorted(fromWire(toWire(resources, '*')))).toEqual(sorted(resources));
      }),
    ));

  it('adds tenths without their errors', () => {
    const tenth = parseResources('cpus:0.1');
    const sum = Array.from({ length: 10 }, () => tenth).reduce((total, one) => add(total, one), []);
    expect(sum).toEqual(parseResources('cpus:1'));
    expect(subtract(sum, parseResources('cpus:1'))).toEqual([]);
  });
});

describe(`Mesos's texts`, () => {
  it('resources', () => {
    const resources = parseResources('cpus:4; mem:1024.5;ports:[31000-31009, 31010-31020,32000-32000];zones:{a,b}');
    expect(formatResources(resources, '*')).toBe(
      'cpus(allocated: *):4; mem(allocated: *):1024.5; ports(allocated: *):[31000-31020, 32000-32000]; zones(allocated: *):{a, b}',
    );
  });

  it('attributes', () => {
    expect(parseAttributes('rack:a;zone:1;disks:[1-3];tags:{x,y}').map(({ type }) => type)).toEqual(['TEXT', 'SCALAR', 'RANGES', 'SET']);
    expect(parseAttributes('url:http://h:1/')[0]?.text?.value).toBe('http://h:1/');
  });

  it.each(['cpus', 'cpus=4', 'cpus:', ':4', 'cpus:many', 'cpus:-1', 'cpus(role):4', 'ports:[5-1]', 'ports:[a-b]'])(
    '%s is refused',
    (text) => {
      expect(() => parseResources(text)).toThrow(ResourceTextError);
    },
  );
});
