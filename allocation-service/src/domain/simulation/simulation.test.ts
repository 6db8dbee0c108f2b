import { describe, expect, it } from 'vitest';
import { plantedFaults } from './faults.js';
import { simulate } from './simulation.js';

const HISTORY = 1_500;
const SEEDS = 200;

/** Decisions and events without which a simulation proves nothing. */
const mustOccur = [
  'crash',
  'second leader',
  'duplicate',
  'agent lost',
  'agent returns',
  'master fails over',
  'offer-service crashes under a call',
  'broker restarts',
  'framework removed',
  'stranger',
  'seen: decided accept',
  'seen: decided kill',
  'seen: REQUEST_PENDING to REQUEST_ALLOCATED',
  'seen: REQUEST_NEW to REQUEST_ALLOCATED',
  'seen: REQUEST_ALLOCATED to REQUEST_RELEASED',
  'seen: request cancel',
];

describe('whatever happens in whatever order', () => {
  it('the invariants hold after every step, and in the end all is right', () => {
    const counts = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      for (const [what, count] of simulate(seed, HISTORY).counts) counts.set(what, (counts.get(what) ?? 0) + count);
    }
    for (const what of mustOccur) expect(counts.get(what), what).toBeGreaterThan(20);
  });

  it('is the same for the same seed', () => {
    expect([...simulate(7, HISTORY).counts]).toEqual([...simulate(7, HISTORY).counts]);
  });
});

describe('a mistake is found', () => {
  it.each(Object.entries(plantedFaults))('when %s', (_name, plant) => {
    const find = (): void => {
      for (let seed = 1; seed <= SEEDS; seed += 1) simulate(seed, HISTORY, plant());
    };
    expect(find).toThrow(/^seed \d+, step \d+: /);
  });
});
