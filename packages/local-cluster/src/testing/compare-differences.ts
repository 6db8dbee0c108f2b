// Finds what differs between a recording and what was seen here, and takes away what is known to.
import { knownDifferences, type Difference, type KnownDifference } from './differences.js';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What differs, leaf by leaf. Of lists of different lengths the lengths differ, and what is in both is compared. */
export function differencesBetween(there: unknown, here: unknown, path = ''): Difference[] {
  if (Array.isArray(there) && Array.isArray(here)) {
    const lengths = there.length === here.length ? [] : [{ path: `${path}.length`, there: there.length, here: here.length }];
    const common = there.slice(0, here.length);
    return [...lengths, ...common.flatMap((one: unknown, index) => differencesBetween(one, here[index] as unknown, `${path}[${index}]`))];
  }
  if (isObject(there) && isObject(here)) {
    const keys = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    return keys.flatMap((key) => differencesBetween(there[key], here[key], path === '' ? key : `${path}.${key}`));
  }
  return Object.is(there, here) ? [] : [{ path, there, here }];
}

const explains = (recording: string, { path }: Difference, known: KnownDifference): boolean =>
  known.recording.test(recording) && known.path.test(path);

export const unexplained = (recording: string, differences: readonly Difference[]): readonly Difference[] =>
  differences.filter((difference) => !knownDifferences.some((known) => explains(recording, difference, known)));

/** Listed, but in none of these. */
export const obsolete = (found: ReadonlyMap<string, readonly Difference[]>): readonly string[] =>
  knownDifferences
    .filter(({ depends }) => depends !== true)
    .filter((known) => ![...found].some(([recording, differences]) => differences.some((one) => explains(recording, one, known))))
    .map(({ what }) => what);
