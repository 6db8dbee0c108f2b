import type { Resource } from '@streams-on-mesos/mesos';

type Template = Pick<Resource, 'name' | 'type' | 'reservations' | 'revocable'>;

const keyOf = ({ name, reservations, revocable }: Resource): string =>
  `${name} ${reservations?.at(-1)?.role ?? ''}${revocable === undefined ? '' : ' revocable'}`;

/** Resources that can be added and taken away exactly: scalars in thousandths, ports one by one. */
export class Bag {
  readonly #templates = new Map<string, Template>();
  readonly #scalars = new Map<string, number>();
  readonly #ports = new Map<string, Set<number>>();

  static of(resources: readonly Resource[] = []): Bag {
    const bag = new Bag();
    bag.add(resources);
    return bag;
  }

  add(resources: readonly Resource[]): void {
    for (const resource of resources) this.#change(resource, 1);
  }

  take(resources: readonly Resource[]): void {
    for (const resource of resources) this.#change(resource, -1);
  }

  /** What is negative, or a port that was taken twice or never there; undefined: all is well. */
  get debt(): string | undefined {
    for (const [key, value] of this.#scalars) if (value < 0) return `${-value / 1000} ${key}`;
    return this.#debts[0];
  }

  readonly #debts: string[] = [];

  #change(resource: Resource, sign: 1 | -1): void {
    const key = keyOf(resource);
    const { name, type, reservations, revocable } = resource;
    if (!this.#templates.has(key)) {
      this.#templates.set(key, { name, type, ...(reservations && { reservations }), ...(revocable && { revocable }) });
    }
    if (resource.scalar !== undefined) {
      this.#scalars.set(key, (this.#scalars.get(key) ?? 0) + sign * Math.round(resource.scalar.value * 1000));
    }
    if (resource.ranges === undefined) return;
    const ports = this.#ports.get(key) ?? new Set<number>();
    this.#ports.set(key, ports);
    for (const { begin, end } of resource.ranges.range ?? []) {
      for (let port = begin; port <= end; port += 1) {
        if (sign > 0) ports.add(port);
        else if (!ports.delete(port)) this.#debts.push(`port ${port} of ${key}`);
      }
    }
  }

  /** How much there is of a scalar, or how many ports, over all reservations. */
  sum(name: string): number {
    let sum = 0;
    for (const [key, value] of this.#scalars) if (key.startsWith(`${name} `)) sum += value / 1000;
    for (const [key, ports] of this.#ports) if (key.startsWith(`${name} `)) sum += ports.size;
    return sum;
  }

  /** As an offer to that role lists it: what is reserved for others is left out. */
  offerable(role: string): Resource[] {
    const entries: Resource[] = [];
    for (const [key, template] of this.#templates) {
      const reserved = template.reservations?.at(-1)?.role;
      if (reserved !== undefined && reserved !== role) continue;
      const value = this.#scalars.get(key) ?? 0;
      const ports = this.#ports.get(key);
      const allocation_info = { role };
      if (value > 0) entries.push({ ...template, allocation_info, scalar: { value: value / 1000 } });
      else if (ports !== undefined && ports.size > 0) {
        const range = [...ports].sort((a, b) => a - b).map((port) => ({ begin: port, end: port }));
        entries.push({ ...template, allocation_info, ranges: { range } });
      }
    }
    return entries;
  }
}
