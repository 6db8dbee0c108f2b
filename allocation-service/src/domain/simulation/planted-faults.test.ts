import { describe, expect, it } from 'vitest';
import { HISTORY } from './histories.js';
import { plantedFaults } from './planted-faults.js';
import { simulate } from './simulation.js';

const SEEDS = 600;

describe('a mistake is found', () => {
  it.each(Object.entries(plantedFaults))('when %s', { timeout: 120_000 }, (_name, plant) => {
    const find = (): void => {
      for (let seed = 1; seed <= SEEDS; seed += 1) simulate(seed, HISTORY, plant());
    };
    expect(find).toThrow(/^seed \d+, action \d+: /);
  });
});
