import type { Offer, Resource } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';

// Mesos counts scalars in thousandths and rounds everything finer away (docs/attributes-resources.md, "scalar");
// adding and subtracting whole thousandths never drifts.
const toThousandths = (value: number): number => Math.round(value * 1000);
const fromThousandths = (thousandths: number): number => thousandths / 1000;

/** One entry of an offer and what is left of it. */
interface Part {
  readonly entry: Resource;
  left: number;
}

const scalarNames = ['cpus', 'mem'] as const;

const reservedRole = (entry: Resource): string | undefined => {
  const innermost = entry.reservations?.at(-1);
  if (innermost !== undefined) return innermost.role;
  // An agent without reservation refinement says it in the old way.
  return entry.role === undefined || entry.role === '*' ? undefined : entry.role;
};

const isUsable = (entry: Resource, role: string): boolean => {
  const reserved = reservedRole(entry);
  const plain = entry.revocable === undefined && entry.shared === undefined && entry.disk === undefined && entry.provider_id === undefined;
  return entry.type === 'SCALAR' && plain && (reserved === undefined || reserved === role);
};

/** What is still free of an offer while it is filled with tasks. */
export class FreeQuantities {
  readonly #parts: Record<(typeof scalarNames)[number], Part[]> = { cpus: [], mem: [] };

  /** Counts what is unreserved or reserved for `role`, neither revocable nor shared. */
  constructor(offer: Offer, role: string) {
    for (const entry of offer.resources ?? []) {
      const name = scalarNames.find((candidate) => candidate === entry.name);
      if (name === undefined || !isUsable(entry, role)) continue;
      this.#parts[name].push({ entry, left: toThousandths(entry.scalar?.value ?? 0) });
    }
    // What is reserved for us is of no use to others, so it goes first.
    for (const name of scalarNames)
      this.#parts[name].sort((a, b) => Number(reservedRole(b.entry) !== undefined) - Number(reservedRole(a.entry) !== undefined));
  }

  /** What a resource would get: `wanted`, and for a 0 all that is left, if that is not below `floor`. Undefined: it doesn't fit. */
  fit(wanted: Quantities, floor: Quantities): Quantities | undefined {
    const given = { cpus: 0, mem: 0 };
    for (const name of scalarNames) {
      const left = this.#left(name);
      const need = toThousandths(wanted[name]);
      if (left < (need === 0 ? toThousandths(floor[name]) : need) || left === 0) return undefined;
      given[name] = fromThousandths(need === 0 ? left : need);
    }
    return given;
  }

  /** Takes what `fit` gave, as the entries of a task. */
  take(given: Quantities): Resource[] {
    return scalarNames.flatMap((name) => this.#takeScalar(name, toThousandths(given[name])));
  }

  #left(name: (typeof scalarNames)[number]): number {
    let sum = 0;
    for (const part of this.#parts[name]) sum += part.left;
    return sum;
  }

  #takeScalar(name: (typeof scalarNames)[number], thousandths: number): Resource[] {
    const taken: Resource[] = [];
    let need = thousandths;
    for (const part of this.#parts[name]) {
      const amount = Math.min(part.left, need);
      if (amount === 0) continue;
      part.left -= amount;
      need -= amount;
      taken.push({ ...part.entry, scalar: { value: fromThousandths(amount) } });
    }
    return taken;
  }
}
