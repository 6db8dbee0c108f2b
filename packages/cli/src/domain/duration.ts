/** Mesos's units (stout/duration.hpp), in milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1_000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

export const DURATION_FORM = `a number of seconds, or a number with one of ${Object.keys(UNITS).join(', ')}, such as 90secs`;

/** What a timer of Node.js holds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Milliseconds of `10`, `10secs`, `1.5mins`; undefined when it is none of these, or longer than 24 days. */
export const parseDuration = (text: string): number | undefined => {
  const [, amount, unit = 'secs'] = /^(\d{1,9}(?:\.\d{1,9})?)([a-z]+)?$/.exec(text.trim()) ?? [];
  const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (amount === undefined || factor === undefined) return undefined;
  const ms = Number(amount) * factor;
  return ms <= LONGEST_MS ? ms : undefined;
};
