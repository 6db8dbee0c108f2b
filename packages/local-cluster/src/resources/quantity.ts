// One resource of an agent, an offer or a task, and arithmetic of its value: scalars in fixed point with three decimal digits
// (src/common/values.cpp), ranges and sets as sets.
import type { Resource } from '../generated/protocol.js';
import { isSameIdentity, type Identity } from './identity.js';

export interface ScalarQuantity extends Identity {
  readonly type: 'SCALAR';
  /** Thousandths: 0.1 cpus is 100. */
  readonly milli: number;
}

export type Range = readonly [begin: number, end: number];

export interface RangesQuantity extends Identity {
  readonly type: 'RANGES';
  /** Inclusive, ascending, neither overlapping nor adjacent. */
  readonly ranges: readonly Range[];
}

export interface SetQuantity extends Identity {
  readonly type: 'SET';
  readonly items: readonly string[];
}

export type Quantity = ScalarQuantity | RangesQuantity | SetQuantity;

export const toMilli = (value: number): number => Math.round(value * 1000);

export const scalar = (name: string, value: number): ScalarQuantity => ({ name, type: 'SCALAR', milli: toMilli(value) });

export const coalesce = (ranges: readonly Range[]): Range[] => {
  const result: [number, number][] = [];
  for (const [begin, end] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last !== undefined && begin <= last[1] + 1) last[1] = Math.max(last[1], end);
    else result.push([begin, end]);
  }
  return result;
};

const withoutRanges = (from: readonly Range[], taken: readonly Range[]): Range[] => {
  let left: Range[] = [...from];
  for (const [begin, end] of taken)
    left = left.flatMap((range): Range[] => {
      if (range[1] < begin || range[0] > end) return [range];
      const parts: Range[] = [];
      if (range[0] < begin) parts.push([range[0], begin - 1]);
      if (range[1] > end) parts.push([end + 1, range[1]]);
      return parts;
    });
  return left;
};

export const isEmpty = (quantity: Quantity): boolean =>
  quantity.type === 'SCALAR'
    ? quantity.milli <= 0
    : quantity.type === 'RANGES'
      ? quantity.ranges.length === 0
      : quantity.items.length === 0;

/** The same thing but for its amount: what may be added, subtracted and compared. */
export const isAlike = (left: Quantity, right: Quantity): boolean => left.type === right.type && isSameIdentity(left, right);

/** Of two that are alike. */
export const plus = (left: Quantity, right: Quantity): Quantity => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return { ...left, milli: left.milli + right.milli };
  if (left.type === 'RANGES' && right.type === 'RANGES') return { ...left, ranges: coalesce([...left.ranges, ...right.ranges]) };
  if (left.type === 'SET' && right.type === 'SET') return { ...left, items: [...new Set([...left.items, ...right.items])] };
  return left;
};

/** Of two that are alike; never less than nothing. */
export const minus = (left: Quantity, right: Quantity): Quantity => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return { ...left, milli: Math.max(0, left.milli - right.milli) };
  if (left.type === 'RANGES' && right.type === 'RANGES') return { ...left, ranges: withoutRanges(left.ranges, right.ranges) };
  if (left.type === 'SET' && right.type === 'SET') return { ...left, items: left.items.filter((item) => !right.items.includes(item)) };
  return left;
};

/** Whether the one holds all of the other, which is alike. */
export const covers = (left: Quantity, right: Quantity): boolean => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return left.milli >= right.milli;
  if (left.type === 'RANGES' && right.type === 'RANGES') return withoutRanges(right.ranges, left.ranges).length === 0;
  if (left.type === 'SET' && right.type === 'SET') return right.items.every((item) => left.items.includes(item));
  return false;
};

/** Such a disk is one piece: it can't be divided or put together with its like (resources.cpp: addable, subtractable). */
export const isIndivisible = ({ disk }: Identity): boolean => {
  const type = disk?.source?.type;
  return disk?.persistence !== undefined || type === 'MOUNT' || type === 'BLOCK' || (type === 'RAW' && disk?.source?.id !== undefined);
};

/** `identity` and value of one resource of the wire. */
export function withValue(identity: Identity, { type, scalar: value, ranges, set }: Resource): Quantity {
  if (type === 'SCALAR') return { ...identity, type, milli: toMilli(value?.value ?? 0) };
  if (type === 'RANGES') return { ...identity, type, ranges: (ranges?.range ?? []).map(({ begin, end }) => [begin, end]) };
  return { ...identity, type: 'SET', items: set?.item ?? [] };
}
