// The three kinds of quantities and how Mesos reckons with them (src/common/values.cpp).
import type { Resource, Value } from '../generated/protocol.js';

/** A scalar has three decimal digits; what is beyond is rounded away, so sums don't drift (docs/attributes-resources.md). */
export const toMilli = (value: number): number => Math.round(value * 1000);
export const fromMilli = (milli: number): number => milli / 1000;

/** Inclusive. */
export type Interval = readonly [begin: number, end: number];

/** Ascending, neither overlapping nor adjacent. */
export const coalesce = (intervals: readonly Interval[]): Interval[] => {
  const result: [number, number][] = [];
  for (const [begin, end] of [...intervals].sort((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last !== undefined && begin <= last[1] + 1) last[1] = Math.max(last[1], end);
    else result.push([begin, end]);
  }
  return result;
};

export const withoutIntervals = (from: readonly Interval[], taken: readonly Interval[]): Interval[] =>
  taken.reduce<Interval[]>(
    (left, [begin, end]) =>
      left.flatMap((interval): Interval[] => {
        if (interval[1] < begin || interval[0] > end) return [interval];
        const before: Interval[] = interval[0] < begin ? [[interval[0], begin - 1]] : [];
        return interval[1] > end ? [...before, [end + 1, interval[1]]] : before;
      }),
    [...from],
  );

export const intervalsOf = (ranges: Value.Ranges | undefined): Interval[] =>
  coalesce((ranges?.range ?? []).map(({ begin, end }): Interval => [begin, end]));

const rangesOf = (intervals: readonly Interval[]): Value.Ranges => ({ range: intervals.map(([begin, end]) => ({ begin, end })) });

const itemsOf = (set: Value.Set | undefined): string[] => [...new Set(set?.item ?? [])];

export const isEmptyValue = (resource: Resource): boolean => {
  switch (resource.type) {
    case 'SCALAR':
      return toMilli(resource.scalar?.value ?? 0) <= 0;
    case 'RANGES':
      return intervalsOf(resource.ranges).length === 0;
    default:
      return itemsOf(resource.set).length === 0;
  }
};

/** Both of one type. */
export const addValues = (left: Resource, right: Resource): Resource => {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: { value: fromMilli(toMilli(left.scalar?.value ?? 0) + toMilli(right.scalar?.value ?? 0)) } };
    case 'RANGES':
      return { ...left, ranges: rangesOf(coalesce([...intervalsOf(left.ranges), ...intervalsOf(right.ranges)])) };
    default:
      return { ...left, set: { item: [...new Set([...itemsOf(left.set), ...itemsOf(right.set)])] } };
  }
};

/** What `right` has beyond `left` is ignored. */
export const subtractValues = (left: Resource, right: Resource): Resource => {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: { value: fromMilli(Math.max(0, toMilli(left.scalar?.value ?? 0) - toMilli(right.scalar?.value ?? 0))) } };
    case 'RANGES':
      return { ...left, ranges: rangesOf(withoutIntervals(intervalsOf(left.ranges), intervalsOf(right.ranges))) };
    default: {
      const taken = new Set(itemsOf(right.set));
      return { ...left, set: { item: itemsOf(left.set).filter((item) => !taken.has(item)) } };
    }
  }
};

export const containsValue = (left: Resource, right: Resource): boolean => {
  switch (left.type) {
    case 'SCALAR':
      return toMilli(left.scalar?.value ?? 0) >= toMilli(right.scalar?.value ?? 0);
    case 'RANGES':
      return withoutIntervals(intervalsOf(right.ranges), intervalsOf(left.ranges)).length === 0;
    default: {
      const present = new Set(itemsOf(left.set));
      return itemsOf(right.set).every((item) => present.has(item));
    }
  }
};
