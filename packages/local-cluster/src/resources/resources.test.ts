import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity, Reservation } from './identity.js';
import { scalar, type Quantity } from './quantity.js';
import { endpointResource, downgradeResource, upgradeResource } from './resource-format.js';
import { allocatableTo, byReservationRole, popReservation, reserved, unreserved } from './reservations.js';
import { pushReservation } from './testing/push-reservation.js';
import { parseResources } from './resources-text.js';
import { add, contains, formatResources, fromWire, isSame, scalarMilli, subtract, toWire, type Resources } from './resources.js';

const ofTeam: Reservation = { type: 'STATIC', role: 'team' };
const refined: Reservation = { type: 'DYNAMIC', role: 'team/a', principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }] } };

const identities: readonly Omit<Identity, 'name'>[] = [
  {},
  { reservations: [ofTeam] },
  { reservations: [{ type: 'DYNAMIC', role: 'team' }] },
  { reservations: [ofTeam, refined] },
  { revocable: {} },
];

const someQuantity: fc.Arbitrary<Quantity> = fc
  .record({
    identity: fc.constantFrom(...identities),
    kind: fc.constantFrom('cpus', 'mem', 'ports', 'disks'),
    milli: fc.integer({ min: 0, max: 100_000 }),
    ranges: fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 9 })), { maxLength: 4 }),
    items: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
  })
  .map(({ identity, kind, milli, ranges, items }): Quantity => {
    if (kind === 'ports') return { ...identity, name: kind, type: 'RANGES', ranges: ranges.map(([begin, more]) => [begin, begin + more]) };
    if (kind === 'disks') return { ...identity, name: kind, type: 'SET', items };
    return { ...identity, name: kind, type: 'SCALAR', milli };
  });

const someResources: fc.Arbitrary<Resources> = fc.array(someQuantity, { maxLength: 8 }).map((quantities) => add([], quantities));

describe('resource arithmetic', () => {
  it('what is taken away and added again is what it was', () =>
    fc.assert(
      fc.property(someResources, someResources, (left, right) => {
        const both = add(left, right);
        expect(contains(both, left)).toBe(true);
        expect(contains(both, right)).toBe(true);
        expect(isSame(add(subtract(both, right), right), both)).toBe(true);
      }),
    ));

  it('takes no more than there is', () =>
    fc.assert(
      fc.property(someResources, someResources, (left, right) => {
        expect(contains(left, subtract(left, right))).toBe(true);
        if (contains(right, left)) expect(subtract(left, right)).toEqual([]);
      }),
    ));

  it('is the same after a way over the wire, in the format of before refinement too', () =>
    fc.assert(
      fc.property(someResources, (resources) => {
        const wire = toWire(resources, 'role');
        expect(isSame(fromWire(wire), resources)).toBe(true);
        expect(isSame(fromWire(wire.map(endpointResource)), resources)).toBe(true);
        const downgraded = wire.map(downgradeResource);
        wire.forEach((one, index) => {
          expect(downgraded[index] === undefined).toBe((one.reservations ?? []).length > 1);
          const back = downgraded[index];
          if (back !== undefined) expect(fromWire([upgradeResource(back)])).toEqual(fromWire([one]));
        });
      }),
    ));

  it('never mixes what is reserved with what is not', () =>
    fc.assert(
      fc.property(someResources, someResources, (left, right) => {
        const both = add(left, right);
        expect(isSame(add(unreserved(both), reserved(both)), both)).toBe(true);
        expect(isSame(unreserved(both), add(unreserved(left), unreserved(right)))).toBe(true);
        expect(scalarMilli(both, 'cpus')).toBe(scalarMilli(left, 'cpus') + scalarMilli(right, 'cpus'));
        expect(contains(unreserved(both), reserved(both))).toBe(reserved(both).length === 0);
        expect(
          isSame(
            [...byReservationRole(both).values()].reduce((sum, part) => add(sum, part), []),
            reserved(both),
          ),
        ).toBe(true);
      }),
    ));

  it('a reservation that is pushed and popped leaves nothing behind', () =>
    fc.assert(
      fc.property(someResources, (resources) => {
        expect(isSame(popReservation(pushReservation(resources, refined)), resources)).toBe(true);
      }),
    ));

  it('adds tenths without their errors', () => {
    const sum = Array.from({ length: 10 }, () => scalar('cpus', 0.1)).reduce<Resources>((total, one) => add(total, [one]), []);
    expect(sum).toEqual([scalar('cpus', 1)]);
    expect(subtract(sum, [scalar('cpus', 1)])).toEqual([]);
  });

  it('keeps the order of Mesos: the last takes the place of what is used up', () => {
    const rest = subtract(parseResources('cpus:1;mem:2;disk:3;gpus:1'), parseResources('cpus:1'));
    expect(rest.map(({ name }) => name)).toEqual(['gpus', 'mem', 'disk']);
  });

  it('reservations differ by principal and labels, whose order does not count', () => {
    const withLabels = (...keys: string[]): Resources =>
      pushReservation([scalar('cpus', 1)], { ...refined, labels: { labels: keys.map((key) => ({ key })) } });
    expect(add(withLabels('a', 'b'), withLabels('b', 'a'))).toHaveLength(1);
    expect(add(withLabels('a'), withLabels('b'))).toHaveLength(2);
    const { principal: _, ...nobody } = refined;
    const other = pushReservation([scalar('cpus', 1)], nobody);
    expect(contains(other, pushReservation([scalar('cpus', 1)], refined))).toBe(false);
  });

  it('MOUNT disks are one piece each', () => {
    const [disk] = parseResources('[{"name":"disk","type":"SCALAR","scalar":{"value":10},"disk":{"source":{"type":"MOUNT"}}}]');
    if (disk === undefined) throw new Error('no disk');
    expect(add([disk], [disk])).toHaveLength(2);
    expect(contains([disk], [{ ...disk, type: 'SCALAR', milli: 5_000 }])).toBe(false);
    expect(subtract([disk], [disk])).toEqual([]);
  });
});

describe('who may use what', () => {
  const resources = parseResources('cpus:1;mem(team):2;disk(team/a):3;gpus(other):4');

  it.each([
    ['team', ['cpus', 'mem']],
    ['team/a', ['cpus', 'mem', 'disk']],
    ['team/a/b', ['cpus', 'mem', 'disk']],
    ['teams', ['cpus']],
    ['*', ['cpus']],
  ])('%s', (role, names) => {
    expect(allocatableTo(resources, role).map(({ name }) => name)).toEqual(names);
  });
});

describe(`Mesos's prints`, () => {
  it.each([
    [
      'cpus:4; mem:1024.5;ports:[31000-31009, 31010-31020,32000-32000];zones:{a,b}',
      '*',
      'cpus(allocated: *):4; mem(allocated: *):1024.5; ports(allocated: *):[31000-31020, 32000-32000]; zones(allocated: *):{a, b}',
    ],
    ['cpus(team):4', 'team', 'cpus(allocated: team)(reservations: [(STATIC,team)]):4'],
    ['cpus(team):4', undefined, 'cpus(reservations: [(STATIC,team)]):4'],
    ['', 'a', '{}'],
  ])('%s of %s', (text, role, printed) => {
    expect(formatResources(parseResources(text), role)).toBe(printed);
  });

  it('a stack of reservations, a disk, revocable ones', () => {
    const [cpus] = pushReservation(parseResources('cpus(team):0.1'), refined);
    expect(formatResources(cpus === undefined ? [] : [{ ...cpus, revocable: {} }], 'r')).toBe(
      'cpus(allocated: r)(reservations: [(STATIC,team),(DYNAMIC,team/a,p,{k: v})]){REV}:0.1',
    );
    const disk = '[{"name":"disk","type":"SCALAR","scalar":{"value":10},"disk":{"source":{"type":"PATH","path":{"root":"/d"}}}}]';
    expect(formatResources(parseResources(disk))).toBe('disk[PATH:/d]:10');
  });

  it.each([
    [1e14, '100000000000000'],
    [1e15, '1e+15'],
    [1.5e18, '1.5e+18'],
  ])('the number %s', (value, printed) => {
    expect(formatResources([scalar('mem', value)])).toBe(`mem:${printed}`);
  });
});
