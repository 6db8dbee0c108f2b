/** What Mesos's durations are written in, in ms (3rdparty/stout/include/stout/duration.hpp, Duration::parse). */
export const durationUnitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};
