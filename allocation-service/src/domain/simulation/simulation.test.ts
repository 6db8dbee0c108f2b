import { describe, expect, it } from 'vitest';
import { Coverage } from './coverage.js';
import { tooRare } from './must-occur.js';
import { simulate } from './simulation.js';

const HISTORY = 1_000;
/** One history only, to look at it again: SIMULATION_SEED=17 npx vitest run --project unit simulation.test.ts */
const only = Number(process.env['SIMULATION_SEED'] ?? 0);
const [FIRST, LAST] = only > 0 ? [only, only] : [1, 400];
const LEAST_STEPS = 100_000;
const LEAST_OCCURRENCES = 1;

describe('whatever happens in whatever order', () => {
  it('the invariants hold after every step, and in the end all is right', { timeout: 240_000 }, () => {
    const coverage = new Coverage();
    let steps = 0;
    for (let seed = FIRST; seed <= LAST; seed += 1) {
      const outcome = simulate(seed, HISTORY);
      coverage.add(outcome.coverage);
      steps += outcome.steps;
    }
    process.stdout.write(`${steps} steps in ${LAST - FIRST + 1} histories; what occurred in them:\n${coverage.toString()}\n`);
    if (only > 0) return;
    expect(steps).toBeGreaterThanOrEqual(LEAST_STEPS);
    expect(tooRare(coverage, LEAST_OCCURRENCES), 'what occurs too rarely to be shown to work').toEqual([]);
  });

  it('is the same for the same seed', () => {
    expect(simulate(7, HISTORY).coverage.toString()).toBe(simulate(7, HISTORY).coverage.toString());
  });
});
