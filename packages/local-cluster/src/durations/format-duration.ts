// Mesos's way to write a duration (3rdparty/stout/include/stout/duration.hpp, operator<<).
import { durationUnitsMs } from './duration-units.js';

/** The largest first. */
const UNITS = Object.entries(durationUnitsMs).reverse();
const NANOSECONDS = ['ns', 1e-6] as const;

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
