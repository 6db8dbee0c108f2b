import type { Offer, Resource } from '@streams-on-mesos/mesos';

interface Share {
  /** What the offer has it as; a task must name its quantities the same way. */
  readonly resource: Resource;
  left: number;
}

interface PortRange {
  readonly resource: Resource;
  readonly begin: number;
  readonly end: number;
}

/** What is left of an offer while tasks are put on it. */
export interface OfferPool {
  readonly offer: Offer;
  readonly scalars: ReadonlyMap<string, readonly Share[]>;
  ports: readonly PortRange[];
}

/** Plain quantities only: reserved, revocable and shared ones and volumes are left alone. */
const isPlain = (resource: Resource): boolean =>
  (resource.role ?? '*') === '*' &&
  resource.reservation === undefined &&
  (resource.reservations ?? []).length === 0 &&
  resource.disk === undefined &&
  resource.revocable === undefined &&
  resource.shared === undefined &&
  resource.provider_id === undefined;

export function openPool(offer: Offer): OfferPool {
  const plain = (offer.resources ?? []).filter(isPlain);
  const scalars = new Map<string, Share[]>();
  for (const resource of plain.filter(({ type }) => type === 'SCALAR')) {
    scalars.set(resource.name, [...(scalars.get(resource.name) ?? []), { resource, left: resource.scalar?.value ?? 0 }]);
  }
  const ports = plain
    .filter(({ name, type }) => name === 'ports' && type === 'RANGES')
    .flatMap((resource) => (resource.ranges?.range ?? []).map(({ begin, end }) => ({ resource, begin, end })));
  return { offer, scalars, ports };
}

/** Mesos counts in thousandths. */
const exact = (value: number): number => Math.round(value * 1000) / 1000;

export const leftOf = (pool: OfferPool, name: string): number =>
  exact((pool.scalars.get(name) ?? []).reduce((sum, { left }) => sum + left, 0));

/** Takes `amount`, which must be there, and answers with it as a task names it. */
export function takeScalar(pool: OfferPool, name: string, amount: number): Resource[] {
  let missing = exact(amount);
  const taken: Resource[] = [];
  for (const share of pool.scalars.get(name) ?? []) {
    const part = exact(Math.min(missing, share.left));
    if (part <= 0) continue;
    share.left = exact(share.left - part);
    missing = exact(missing - part);
    taken.push({ ...share.resource, scalar: { value: part } });
  }
  return taken;
}

/**
 * One port for each wish, 0 meaning any; undefined when that can't be had. Free ports are taken from the place that `turn` gives on:
 * a port just given back is not given out at once, and agents on one machine, offering the same ranges, rarely meet.
 */
export function choosePorts(pool: OfferPool, wishes: readonly number[], turn: number): number[] | undefined {
  const fixed = wishes.filter((port) => port !== 0);
  if (new Set(fixed).size < fixed.length || !fixed.every((port) => isOffered(pool, port))) return undefined;
  const total = pool.ports.reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  if (total < wishes.length) return undefined;
  const chosen = new Set(fixed);
  let place = turn;
  return wishes.map((wish) => {
    if (wish !== 0) return wish;
    let port = portAt(pool, place++ % total);
    while (chosen.has(port)) port = portAt(pool, place++ % total);
    chosen.add(port);
    return port;
  });
}

const isOffered = (pool: OfferPool, port: number): boolean => pool.ports.some(({ begin, end }) => begin <= port && port <= end);

function portAt(pool: OfferPool, index: number): number {
  let rest = index;
  for (const { begin, end } of pool.ports) {
    if (rest <= end - begin) return begin + rest;
    rest -= end - begin + 1;
  }
  throw new RangeError(`the offer has no port number ${index}`);
}

export function takePorts(pool: OfferPool, ports: readonly number[]): Resource[] {
  return ports.flatMap((port) => {
    const from = pool.ports.find(({ begin, end }) => begin <= port && port <= end);
    if (!from) return [];
    const pieces = [
      { ...from, end: port - 1 },
      { ...from, begin: port + 1 },
    ].filter(({ begin, end }) => begin <= end);
    pool.ports = pool.ports.flatMap((range) => (range === from ? pieces : [range]));
    return [{ ...from.resource, ranges: { range: [{ begin: port, end: port }] } }];
  });
}
