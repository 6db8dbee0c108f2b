import type { Interval } from '@streams-on-mesos/mesos';

// Ports are ranges with two ends: nothing here takes longer because a range is long.

/** What is left when one range, which lies in `free`, is taken out. */
export const withoutRange = (free: readonly Interval[], [begin, end]: Interval): Interval[] => {
  const left: Interval[] = [];
  for (const range of free) {
    if (range[1] < begin || range[0] > end) {
      left.push(range);
      continue;
    }
    if (range[0] < begin) left.push([range[0], begin - 1]);
    if (range[1] > end) left.push([end + 1, range[1]]);
  }
  return left;
};

/** The parts of a range that lie in `free`, ascending. */
export const overlap = (free: readonly Interval[], [begin, end]: Interval): Interval[] => {
  const parts: Interval[] = [];
  for (const range of free) {
    if (range[1] >= begin && range[0] <= end) parts.push([Math.max(range[0], begin), Math.min(range[1], end)]);
  }
  return parts;
};

/** The first ports of `free`, `count` of them or all that there are. */
export const firstPorts = (free: readonly Interval[], count: number): Interval[] => {
  const taken: Interval[] = [];
  let missing = count;
  for (const [begin, end] of free) {
    if (missing === 0) break;
    const last = Math.min(end, begin + missing - 1);
    taken.push([begin, last]);
    missing -= last - begin + 1;
  }
  return taken;
};
