// Runs cases one after the other: a case may use all that the cluster offers.
import type { Encoding } from '../testing/wire-client.js';
import { NotSeenError } from '../testing/wire-client.js';
import { CaseContext } from './case-context.js';
import type { ConformanceCase } from './case.js';
import { isAtLeast, type ClusterFacts } from './cluster-facts.js';
import { ExpectationError, NotRunError } from './expect.js';
import type { RunSettings } from './run-settings.js';
import { settledMasters } from './settled-masters.js';

export interface Result {
  readonly name: string;
  readonly encoding: Encoding;
  readonly source: string;
  readonly outcome: 'ok' | 'failed' | 'not run';
  /** Why it failed or was not run. */
  readonly why?: string;
  /** `failed` by what was seen, not by an error on the way. */
  readonly unexpected?: boolean;
  readonly ms: number;
}

const outcomeOf = (error: unknown): Pick<Result, 'outcome' | 'why' | 'unexpected'> => {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof NotRunError) return { outcome: 'not run', why };
  const seen = error instanceof ExpectationError || error instanceof NotSeenError;
  return { outcome: 'failed', why, unexpected: seen };
};

/** Why this cluster can't be asked; undefined: it can. */
const whyNot = (
  { since, masters, needs }: ConformanceCase,
  { control, standbys }: RunSettings,
  facts: ClusterFacts,
): string | undefined => {
  if (since !== undefined && !isAtLeast(facts.version, since)) return `Mesos does so since ${since}`;
  if (masters !== undefined && standbys.length < masters - 1)
    return `needs ${masters} masters: ${Array.from({ length: masters - 1 }, () => '--standby host:port').join(' ')}`;
  const missing = (needs ?? []).filter((name) => !control.can(name));
  return missing.length === 0 ? undefined : `needs ${missing.map((name) => `--hook-${name}`).join(' and ')}`;
};

async function runCase(one: ConformanceCase, encoding: Encoding, settings: RunSettings, facts: ClusterFacts): Promise<Result> {
  const startedAt = Date.now();
  const base = { name: one.name, encoding, source: one.source };
  const why = whyNot(one, settings, facts);
  if (why !== undefined) return { ...base, outcome: 'not run', why, ms: 0 };
  let context: CaseContext | undefined;
  try {
    // An earlier case may have made another one lead.
    context = new CaseContext(one.masters === undefined ? settings : await settledMasters(settings), facts, encoding);
    await one.run(context);
    return { ...base, outcome: 'ok', ms: Date.now() - startedAt };
  } catch (error) {
    const result = { ...base, ...outcomeOf(error), ms: Date.now() - startedAt };
    if (result.outcome !== 'failed' || one.alone !== true || !facts.isShared) return result;
    return { ...result, outcome: 'not run', why: `it may be the doing of other frameworks, so nothing is said: ${result.why ?? ''}` };
  } finally {
    await context?.cleanUp();
  }
}

export async function runCases(
  cases: readonly ConformanceCase[],
  settings: RunSettings,
  facts: ClusterFacts,
  report: (result: Result) => void = () => undefined,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of cases)
    for (const encoding of one.encodings ?? (['json'] as const)) {
      const result = await runCase(one, encoding, settings, facts);
      results.push(result);
      report(result);
    }
  return results;
}
