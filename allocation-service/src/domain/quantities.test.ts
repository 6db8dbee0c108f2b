import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FreeQuantities } from './quantities.js';
import { offer, scalar } from './testing/builders.js';

const floor = { cpus: 0.5, mem: 256 };
const free = (resources: Parameters<typeof scalar>[]): FreeQuantities =>
  new FreeQuantities(offer('o', { resources: resources.map((spec) => scalar(...spec)) }), 'ours');

describe('the quantities of an offer', () => {
  it('are counted in thousandths, so that tenths add up', () => {
    const quantities = free([
      ['cpus', 0.3],
      ['mem', 96],
    ]);
    for (let count = 0; count < 3; count += 1) {
      const given = quantities.fit({ cpus: 0.1, mem: 32 }, floor);
      expect(given).toEqual({ cpus: 0.1, mem: 32 });
      quantities.take({ cpus: 0.1, mem: 32 });
    }
    expect(quantities.fit({ cpus: 0.001, mem: 0.001 }, floor)).toBeUndefined();
  });

  it('are given whole for a 0, but not as a sliver', () => {
    const quantities = free([
      ['cpus', 3.5],
      ['mem', 1024],
    ]);
    expect(quantities.fit({ cpus: 0, mem: 512 }, floor)).toEqual({ cpus: 3.5, mem: 512 });
    quantities.take({ cpus: 3.1, mem: 0 });
    expect(quantities.fit({ cpus: 0, mem: 0 }, floor)).toBeUndefined();
    expect(quantities.fit({ cpus: 0.4, mem: 0 }, floor)).toEqual({ cpus: 0.4, mem: 1024 });
  });

  it('are what is unreserved or reserved for the own role, the reserved first; neither revocable, shared nor of others', () => {
    const quantities = free([
      ['cpus', 1],
      ['cpus', 2, { reservations: [{ type: 'STATIC', role: 'ours' }] }],
      ['cpus', 4, { reservations: [{ type: 'STATIC', role: 'theirs' }] }],
      ['cpus', 8, { revocable: {} }],
      ['mem', 100],
      ['mem', 1000, { shared: {} }],
    ]);
    expect(quantities.fit({ cpus: 3.001, mem: 1 }, floor)).toBeUndefined();
    expect(quantities.fit({ cpus: 3, mem: 101 }, floor)).toBeUndefined();
    expect(quantities.take({ cpus: 2.5, mem: 100 })).toEqual([
      scalar('cpus', 2, { reservations: [{ type: 'STATIC', role: 'ours' }] }),
      scalar('cpus', 0.5),
      scalar('mem', 100),
    ]);
  });

  it('are never given twice', () => {
    const amount = fc.integer({ min: 1, max: 5000 }).map((thousandths) => thousandths / 1000);
    fc.assert(
      fc.property(amount, fc.array(amount, { maxLength: 30 }), (cpus, wanted) => {
        const quantities = free([
          ['cpus', cpus],
          ['mem', 1e6],
        ]);
        let taken = 0;
        for (const want of wanted) {
          const given = quantities.fit({ cpus: want, mem: 1 }, floor);
          if (given === undefined) continue;
          for (const entry of quantities.take(given)) if (entry.name === 'cpus') taken += Math.round((entry.scalar?.value ?? 0) * 1000);
        }
        expect(taken).toBeLessThanOrEqual(Math.round(cpus * 1000));
      }),
    );
  });
});
