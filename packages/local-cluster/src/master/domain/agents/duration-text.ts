const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1_000],
  ['ms', 1],
];

/** As Mesos prints a duration: in the largest unit of which it is a whole number (stout/duration.hpp, operator<<). */
export function durationText(ms: number): string {
  const [name, size] = UNITS.find(([, one]) => ms >= one && ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${name}`;
}
