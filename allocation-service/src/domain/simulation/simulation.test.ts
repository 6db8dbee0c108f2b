import { bundleProgram } from '@streams-on-mesos/local-environment/testing/bundle-program';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage, type CoverageCounts } from './coverage.js';
import { HISTORY, type Share } from './histories.js';
import { tooRare } from './must-occur.js';
import { simulate } from './simulation.js';

/** One history only, to look at it again: SIMULATION_SEED=17 npx vitest run --project unit simulation.test.ts */
const only = Number(process.env['SIMULATION_SEED'] ?? 0);
const WORKERS = 2;
const LEAST_STEPS = 1_000_000;
/** Of all themes alike; then those follow in which most of what is still rare occurs. */
const STEPS_IN_TURN = 300_000;
const LEAST_OCCURRENCES = 1_000;
const MOST_STEPS = 6_000_000;

describe('whatever happens in whatever order', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'simulation-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Rejects with what a history of it said when it went wrong. */
  const work = async (program: string, worker: number): Promise<{ seeds: number; steps: number; coverage: CoverageCounts }> => {
    const share: Share = {
      worker,
      workers: WORKERS,
      steps: LEAST_STEPS / WORKERS,
      stepsInTurn: STEPS_IN_TURN / WORKERS,
      occurrences: LEAST_OCCURRENCES / WORKERS,
      mostSteps: MOST_STEPS / WORKERS,
    };
    const args = ['--enable-source-maps', program, JSON.stringify(share)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
    return JSON.parse(stdout) as { seeds: number; steps: number; coverage: CoverageCounts };
  };

  it.runIf(only === 0)('the invariants hold after every step, and in the end all is right', { timeout: 600_000 }, async () => {
    const program = join(directory, 'histories.mjs');
    await bundleProgram(join(dirname(fileURLToPath(import.meta.url)), 'histories-main.ts'), program);
    const parts = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(program, worker)));
    const coverage = new Coverage();
    for (const part of parts) coverage.add(Coverage.from(part.coverage));
    const steps = parts.reduce((sum, part) => sum + part.steps, 0);
    const seeds = parts.reduce((sum, part) => sum + part.seeds, 0);
    process.stdout.write(`${steps} steps in ${seeds} histories; what occurred in them:\n${coverage.toString()}\n`);
    expect(steps).toBeGreaterThanOrEqual(LEAST_STEPS);
    expect(tooRare(coverage, LEAST_OCCURRENCES), 'what occurs too rarely to be shown to work').toEqual([]);
  });

  it('is the same for the same seed', () => {
    const [first, second] = [1, 2].map(() => simulate(only > 0 ? only : 7, HISTORY));
    if (only > 0) process.stdout.write(`${first?.coverage.toString()}\n`);
    expect(first?.coverage.toString()).toBe(second?.coverage.toString());
  });
});
