import type { Resource } from '@streams-on-mesos/mesos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { take } from './offered-resources.js';
import { parseResources, resourcesText } from './resources-text.js';

const reserved = (text: string): Resource[] =>
  parseResources(text).map((resource) => ({ ...resource, reservations: [{ type: 'STATIC', role: 'r' }] }));
const texts = ({ taken, left, missing }: ReturnType<typeof take>) => [taken, left, missing].map(resourcesText);

describe('what an offer gives', () => {
  it.each([
    ['cpus:4;mem:100', 'cpus:1.5;mem:100', 'cpus:1.5;mem:100', 'cpus:2.5', ''],
    ['cpus:1', 'cpus:1.5;mem:1', 'cpus:1', '', 'cpus:0.5;mem:1'],
    ['ports:[1-10, 20-30]', 'ports:[5-6,30-30]', 'ports:[5-6, 30-30]', 'ports:[1-4, 7-10, 20-29]', ''],
    ['ports:[1-10]', 'ports:[9-12]', 'ports:[9-10]', 'ports:[1-8]', 'ports:[11-12]'],
    ['disks:{a,b}', 'disks:{b,c}', 'disks:{b}', 'disks:{a}', 'disks:{c}'],
    ['cpus:0.3', 'cpus:0.1', 'cpus:0.1', 'cpus:0.2', ''],
  ])('of %s, %s takes %s and leaves %s; missing: %s', (offered, wanted, ...expected) => {
    expect(texts(take(parseResources(offered), parseResources(wanted)))).toEqual(expected);
  });

  it('what is reserved goes first, and stays reserved', () => {
    const { taken, left } = take([...parseResources('cpus:4'), ...reserved('cpus:1')], parseResources('cpus:2'));
    expect(taken).toEqual([...reserved('cpus:1'), ...parseResources('cpus:1')]);
    expect(left).toEqual(parseResources('cpus:3'));
  });

  it('volumes are no disk', () => {
    const volume: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 10 }, disk: { persistence: { id: 'v' } } };
    expect(texts(take([volume], parseResources('disk:1')))).toEqual(['', 'disk:10', 'disk:1']);
  });

  it('nothing is lost and nothing made', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(5_000)), fc.nat(20_000), (parts, wanted) => {
        const of = (milli: number): Resource => ({ name: 'cpus', type: 'SCALAR', scalar: { value: milli / 1000 } });
        const sum = (resources: readonly Resource[]) =>
          resources.reduce((total, one) => total + Math.round((one.scalar?.value ?? 0) * 1000), 0);
        const { taken, left, missing } = take(parts.map(of), [of(wanted)]);
        expect(sum(taken) + sum(left)).toBe(sum(parts.map(of)));
        expect(sum(taken) + sum(missing)).toBe(wanted);
        expect(sum(left) === 0 || sum(missing) === 0).toBe(true);
      }),
    ));
});

describe('resources as text', () => {
  it.each(['cpus', ':1', 'cpus:', 'cpus:-1', 'cpus:many', 'cpus(role):1', 'ports:[5-1]', 'ports:[]', 'cpus:1;cpus:2'])(
    '%s is refused',
    (text) => {
      expect(() => parseResources(text)).toThrow(/'/);
    },
  );
});
