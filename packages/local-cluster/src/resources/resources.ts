// Resource arithmetic as Mesos does it: scalars in fixed point with three decimal digits (src/common/values.cpp),
// ranges and sets as sets. A `Resources` value holds each name at most once and nothing that is empty.
import type { Resource } from '../generated/protocol.js';

export interface ScalarQuantity {
  readonly name: string;
  readonly type: 'SCALAR';
  /** Thousandths: 0.1 cpus is 100. */
  readonly milli: number;
}

export type Range = readonly [begin: number, end: number];

export interface RangesQuantity {
  readonly name: string;
  readonly type: 'RANGES';
  /** Inclusive, ascending, neither overlapping nor adjacent. */
  readonly ranges: readonly Range[];
}

export interface SetQuantity {
  readonly name: string;
  readonly type: 'SET';
  readonly items: readonly string[];
}

export type Quantity = ScalarQuantity | RangesQuantity | SetQuantity;
export type Resources = readonly Quantity[];

export const toMilli = (value: number): number => Math.round(value * 1000);

export const scalar = (name: string, value: number): ScalarQuantity => ({ name, type: 'SCALAR', milli: toMilli(value) });

const coalesce = (ranges: readonly Range[]): Range[] => {
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

const isEmpty = (quantity: Quantity): boolean =>
  quantity.type === 'SCALAR'
    ? quantity.milli <= 0
    : quantity.type === 'RANGES'
      ? quantity.ranges.length === 0
      : quantity.items.length === 0;

const plus = (left: Quantity, right: Quantity): Quantity => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return { ...left, milli: left.milli + right.milli };
  if (left.type === 'RANGES' && right.type === 'RANGES') return { ...left, ranges: coalesce([...left.ranges, ...right.ranges]) };
  if (left.type === 'SET' && right.type === 'SET') return { ...left, items: [...new Set([...left.items, ...right.items])] };
  return left;
};

const minus = (left: Quantity, right: Quantity): Quantity => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return { ...left, milli: Math.max(0, left.milli - right.milli) };
  if (left.type === 'RANGES' && right.type === 'RANGES') return { ...left, ranges: withoutRanges(left.ranges, right.ranges) };
  if (left.type === 'SET' && right.type === 'SET') return { ...left, items: left.items.filter((item) => !right.items.includes(item)) };
  return left;
};

const covers = (left: Quantity, right: Quantity): boolean => {
  if (left.type === 'SCALAR' && right.type === 'SCALAR') return left.milli >= right.milli;
  if (left.type === 'RANGES' && right.type === 'RANGES') return withoutRanges(right.ranges, left.ranges).length === 0;
  if (left.type === 'SET' && right.type === 'SET') return right.items.every((item) => left.items.includes(item));
  return false;
};

export function add(left: Resources, right: Resources): Resources {
  const result = [...left];
  for (const quantity of right) {
    const index = result.findIndex((other) => other.name === quantity.name);
    const present = result[index];
    if (present !== undefined) result[index] = plus(present, quantity);
    else if (!isEmpty(quantity)) result.push(quantity.type === 'RANGES' ? { ...quantity, ranges: coalesce(quantity.ranges) } : quantity);
  }
  return result;
}

/** What is left of `left`; what `right` has beyond it is ignored. */
export function subtract(left: Resources, right: Resources): Resources {
  return left
    .map((quantity) => {
      const taken = right.find((other) => other.name === quantity.name);
      return taken === undefined ? quantity : minus(quantity, taken);
    })
    .filter((quantity) => !isEmpty(quantity));
}

export function contains(left: Resources, right: Resources): boolean {
  return right.every((quantity) => {
    if (isEmpty(quantity)) return true;
    const present = left.find((other) => other.name === quantity.name);
    return present !== undefined && covers(present, quantity);
  });
}

export function scalarMilli(resources: Resources, name: string): number {
  const found = resources.find((quantity) => quantity.name === name);
  return found?.type === 'SCALAR' ? found.milli : 0;
}

/** The order in which an offer lists them: what is no scalar first (HierarchicalAllocatorProcess::__generateOffers). */
export const inOfferOrder = (resources: Resources): Resources => [
  ...resources.filter((quantity) => quantity.type !== 'SCALAR'),
  ...resources.filter((quantity) => quantity.type === 'SCALAR'),
];

/** The sum of a resource list of the wire. Call it with validated resources only (`resourcesError`). */
export function fromWire(resources: readonly Resource[] | undefined): Resources {
  return (resources ?? []).reduce<Resources>((sum, resource) => {
    const { name } = resource;
    if (resource.type === 'SCALAR') return add(sum, [scalar(name, resource.scalar?.value ?? 0)]);
    if (resource.type === 'RANGES') {
      const ranges = (resource.ranges?.range ?? []).map((range): Range => [range.begin, range.end]);
      return add(sum, [{ name, type: 'RANGES', ranges }]);
    }
    return add(sum, [{ name, type: 'SET', items: resource.set?.item ?? [] }]);
  }, []);
}

export function toWire(resources: Resources, allocationRole?: string): Resource[] {
  return resources.map((quantity) => ({
    name: quantity.name,
    type: quantity.type,
    ...(quantity.type === 'SCALAR' ? { scalar: { value: quantity.milli / 1000 } } : {}),
    ...(quantity.type === 'RANGES' ? { ranges: { range: quantity.ranges.map(([begin, end]) => ({ begin, end })) } } : {}),
    ...(quantity.type === 'SET' ? { set: { item: [...quantity.items] } } : {}),
    ...(allocationRole === undefined ? {} : { allocation_info: { role: allocationRole } }),
  }));
}

export function formatQuantity(quantity: Quantity): string {
  if (quantity.type === 'SCALAR') return String(quantity.milli / 1000);
  if (quantity.type === 'SET') return `{${quantity.items.join(', ')}}`;
  return `[${quantity.ranges.map(([begin, end]) => `${begin}-${end}`).join(', ')}]`;
}

/** As Mesos prints them in messages: `cpus(allocated: *):4; mem(allocated: *):8192`. */
export function formatResources(resources: Resources, allocationRole: string): string {
  if (resources.length === 0) return '{}';
  return resources.map((quantity) => `${quantity.name}(allocated: ${allocationRole}):${formatQuantity(quantity)}`).join('; ');
}
