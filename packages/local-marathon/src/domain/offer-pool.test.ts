import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePorts, leftOf, openPool, takePorts, takeScalar } from './offer-pool.js';
import { offer } from './testing/simulation.js';

describe('what is left of an offer', () => {
  it('is exact in thousandths', () => {
    const pool = openPool(offer(1, { cpus: 1 }));
    for (let task = 0; task < 10; task++) takeScalar(pool, 'cpus', 0.1);
    expect(leftOf(pool, 'cpus')).toBe(0);
  });

  it('does not count what is reserved, revocable or a volume', () => {
    const { resources = [] } = offer();
    const special = [{ reservations: [{ role: 'other' }] }, { role: 'other' }, { revocable: {} }, { disk: {} }, { shared: {} }];
    const pool = openPool({ ...offer(), resources: resources.flatMap((resource) => special.map((what) => ({ ...resource, ...what }))) });
    expect(leftOf(pool, 'cpus')).toBe(0);
    expect(choosePorts(pool, [0], 0)).toBeUndefined();
  });

  it('is taken from several entries when one is not enough', () => {
    const half = { name: 'cpus', type: 'SCALAR', scalar: { value: 0.5 }, allocation_info: { role: '*' } } as const;
    const pool = openPool({ ...offer(), resources: [half, half] });
    expect(takeScalar(pool, 'cpus', 0.75).map(({ scalar }) => scalar?.value)).toEqual([0.5, 0.25]);
    expect(leftOf(pool, 'cpus')).toBe(0.25);
  });
});

describe('ports', () => {
  it('of the offer are given out once, whatever the turn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 8 }), fc.nat(1000), (wishes, turn) => {
        const pool = openPool(offer(1, { ports: [31_000, 31_009] }));
        const taken = new Set<number>();
        for (const count of wishes) {
          const ports = choosePorts(pool, Array<number>(count).fill(0), turn);
          expect(ports === undefined).toBe(taken.size + count > 10);
          const resources = takePorts(pool, ports ?? []);
          expect(resources).toHaveLength(ports?.length ?? 0);
          for (const port of ports ?? []) {
            expect(port >= 31_000 && port <= 31_009 && !taken.has(port)).toBe(true);
            taken.add(port);
          }
        }
      }),
    );
  });

  it('that are required must be in the offer, and leave the others free', () => {
    const pool = openPool(offer(1, { ports: [31_000, 31_002] }));
    expect(choosePorts(pool, [8080], 0)).toBeUndefined();
    expect(choosePorts(pool, [31_001, 31_001], 0)).toBeUndefined();
    const ports = choosePorts(pool, [31_001, 0, 0], 1) ?? [];
    expect([...ports].sort()).toEqual([31_000, 31_001, 31_002]);
    takePorts(pool, ports);
    expect(pool.ports).toEqual([]);
  });
});
