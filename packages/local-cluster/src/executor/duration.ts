// Mesos's way to write a duration (3rdparty/stout/include/stout/duration.hpp, operator<<).
type Unit = readonly [name: string, ms: number];

const NANOSECONDS: Unit = ['ns', 1e-6];

const UNITS: readonly Unit[] = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1000],
  ['ms', 1],
  ['us', 1e-3],
  NANOSECONDS,
];

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;

/** In the largest unit that it fills, or in the next smaller one where only that makes it whole: 1mins, 90secs, 1500ms. */
export const formatDuration = (ms: number): string => {
  const found = UNITS.findIndex(([, size]) => ms >= size);
  const index = found === -1 ? UNITS.length - 1 : found;
  const unit = UNITS[index] ?? NANOSECONDS;
  const smaller = UNITS[index + 1];
  const [name, size] = smaller !== undefined && !isWhole(ms / unit[1]) && isWhole(ms / smaller[1]) ? smaller : unit;
  return `${Number((ms / size).toPrecision(15))}${name}`;
};
