import type { Resource } from '@streams-on-mesos/mesos';

/** What one resource of an offer gives of what is wanted. */
export interface Share {
  readonly given: Resource | undefined;
  /** What remains of the offered one. */
  readonly left: Resource | undefined;
  /** What remains to be found. */
  readonly missing: Resource | undefined;
}

interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Thousandths, as Mesos counts (src/common/values.cpp). */
const milli = (resource: Resource): number => Math.round((resource.scalar?.value ?? 0) * 1000);

const rangesOf = (resource: Resource): readonly Range[] => resource.ranges?.range ?? [];
const itemsOf = (resource: Resource): readonly string[] => resource.set?.item ?? [];

const isRange = ({ begin, end }: Range): boolean => begin <= end;

const intersection = (left: readonly Range[], right: readonly Range[]): Range[] =>
  left.flatMap((a) => right.map((b) => ({ begin: Math.max(a.begin, b.begin), end: Math.min(a.end, b.end) })).filter(isRange));

const cut = ({ begin, end }: Range, taken: Range): Range[] =>
  [
    { begin, end: Math.min(end, taken.begin - 1) },
    { begin: Math.max(begin, taken.end + 1), end },
  ].filter(isRange);

const without = (ranges: readonly Range[], taken: readonly Range[]): readonly Range[] =>
  taken.reduce((left, one) => left.flatMap((range) => cut(range, one)), ranges);

const withScalar = (resource: Resource, amount: number): Resource | undefined =>
  amount > 0 ? { ...resource, scalar: { value: amount / 1000 } } : undefined;
const withRanges = (resource: Resource, range: readonly Range[]): Resource | undefined =>
  range.length > 0 ? { ...resource, ranges: { range: [...range] } } : undefined;
const withItems = (resource: Resource, item: readonly string[]): Resource | undefined =>
  item.length > 0 ? { ...resource, set: { item: [...item] } } : undefined;

/** Both of the same name and type. */
export const share = (offered: Resource, wanted: Resource): Share => {
  if (wanted.type === 'SCALAR') {
    const given = Math.min(milli(offered), milli(wanted));
    return {
      given: withScalar(offered, given),
      left: withScalar(offered, milli(offered) - given),
      missing: withScalar(wanted, milli(wanted) - given),
    };
  }
  if (wanted.type === 'RANGES') {
    const given = intersection(rangesOf(offered), rangesOf(wanted));
    return {
      given: withRanges(offered, given),
      left: withRanges(offered, without(rangesOf(offered), given)),
      missing: withRanges(wanted, without(rangesOf(wanted), given)),
    };
  }
  const [has, wants] = [itemsOf(offered), itemsOf(wanted)];
  const given = wants.filter((item) => has.includes(item));
  return {
    given: withItems(offered, given),
    left: withItems(
      offered,
      has.filter((item) => !given.includes(item)),
    ),
    missing: withItems(
      wanted,
      wants.filter((item) => !given.includes(item)),
    ),
  };
};

const valueText = (resource: Resource): string => {
  if (resource.type === 'SCALAR') return String(milli(resource) / 1000);
  if (resource.type === 'SET') return `{${itemsOf(resource).join(', ')}}`;
  const ranges = rangesOf(resource).map(({ begin, end }) => `${begin}-${end}`);
  return `[${ranges.join(', ')}]`;
};

/** `cpus:1;mem:128` */
export const resourcesText = (resources: readonly Resource[]): string => resources.map((one) => `${one.name}:${valueText(one)}`).join(';');
