// What is printed of the results.
import type { Result } from './runner.js';

export const describeResult = ({ name, encoding, outcome, why, source, ms }: Result): string => {
  const title = `${name} (${encoding})`;
  if (outcome === 'ok') return `ok       ${title}, ${ms} ms`;
  if (outcome === 'not run') return `not run  ${title}: ${why ?? ''}`;
  return `FAILED   ${title}: ${why ?? ''}\n         source: ${source}`;
};

export const summarize = (results: readonly Result[]): string => {
  const count = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  return `${count('ok')} ok, ${count('failed')} failed, ${count('not run')} not run`;
};
