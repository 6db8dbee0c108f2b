import { themes } from './actions/themes.js';
import { Coverage } from './coverage.js';
import { tooRare, type Rarity } from './must-occur.js';
import { simulate } from './simulation.js';

/** Of each history's first storm; see `simulate`. */
export const HISTORY = 1_000;

/** What one of several workers is to do; each has its own seeds. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
  /** At least. */
  readonly steps: number;
  /** So many of all themes in turn; then of the themes in which it occurs most, until everything has occurred so often … */
  readonly stepsInTurn: number;
  readonly occurrences: number;
  /** … but no more than that. */
  readonly mostSteps: number;
}

export interface Histories {
  readonly seeds: number;
  readonly steps: number;
  readonly coverage: Coverage;
}

/** Runs histories until enough has occurred. @throws the first that goes wrong, with its seed */
export const runHistories = (share: Share): Histories => {
  const total = new Coverage();
  const byTheme = themes.map(() => ({ coverage: new Coverage(), steps: 0, histories: 0 }));
  let seeds = 0;
  let steps = 0;

  const run = (theme: number): void => {
    const own = byTheme[theme];
    if (own === undefined) return;
    // Its theme is the remainder of a seed.
    const seed = themes.length * (own.histories * share.workers + share.worker + 1) + theme;
    const outcome = simulate(seed, HISTORY);
    for (const coverage of [total, own.coverage]) coverage.add(outcome.coverage);
    own.steps += outcome.steps;
    own.histories += 1;
    steps += outcome.steps;
    seeds += 1;
  };

  const bestFor = ({ kind, name }: Rarity): number => {
    const rates = byTheme.map(({ coverage, steps: of }) => coverage.of(kind, name) / of);
    return rates.indexOf(Math.max(...rates));
  };

  while (steps < share.stepsInTurn) run(seeds % themes.length);
  for (let [rarest] = tooRare(total, share.occurrences); rarest !== undefined && steps < share.mostSteps;) {
    run(bestFor(rarest));
    [rarest] = tooRare(total, share.occurrences);
  }
  while (steps < share.steps) run(seeds % themes.length);
  return { seeds, steps, coverage: total };
};
