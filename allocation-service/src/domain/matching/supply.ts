import type { Interval, Resource as MesosResource } from '@streams-on-mesos/mesos';
import { fromMilli, intervalsIn, reservationRole, toMilli } from '@streams-on-mesos/mesos';
import type { Amounts } from './amounts.js';
import { countPorts, type Need, type ScalarName } from './need.js';
import { firstPorts, overlap, withoutRange } from './ports.js';

/** One scalar entry of an offer and what is left of it, in thousandths. */
export interface ScalarPart {
  readonly name: ScalarName;
  readonly entry: MesosResource;
  left: number;
  /** The entry that a task got of it last: the next task of the same size gets the same. */
  cut: MesosResource | undefined;
  cutAmount: number;
  /** The part that is taken from after it: there are few, so that a chain is the least that keeps their order. */
  next: ScalarPart | undefined;
}

/** One ports entry of an offer and what is left of it. */
interface PortsPart {
  readonly entry: MesosResource;
  /** undefined: nobody has looked for ports yet, so all that the entry has. */
  left: Interval[] | undefined;
}

const leftOf = (part: PortsPart): Interval[] => (part.left ??= intervalsIn([part.entry], 'ports'));

/** What is reserved for us is of no use to others, so it goes first. */
const goesFirst = ({ entry }: ScalarPart | PortsPart): boolean => reservationRole(entry) !== undefined;

/** The entry that a task gets of a part. */
const cutOf = (part: ScalarPart, amount: number): MesosResource => {
  if (part.cut === undefined || part.cutAmount !== amount) {
    part.cut = { ...part.entry, scalar: { value: fromMilli(amount) } };
    part.cutAmount = amount;
  }
  return part.cut;
};

const none: readonly PortsPart[] = [];

/** What is left of some entries of one agent while tasks are given parts of them. Scalars in thousandths. */
export class Supply {
  cpus = 0;
  mem = 0;
  disk = 0;
  gpus = 0;
  /** How many. */
  ports = 0;
  #scalars: ScalarPart | undefined;
  #ports: readonly PortsPart[] = none;

  addScalar(name: ScalarName, entry: MesosResource): void {
    const left = toMilli(entry.scalar?.value ?? 0);
    if (left <= 0) return;
    this.#insert({ name, entry, left, cut: undefined, cutAmount: 0, next: undefined });
  }

  addPorts(entry: MesosResource): void {
    const [only, another] = entry.ranges?.range ?? [];
    if (only === undefined) return;
    const left = another === undefined ? undefined : intervalsIn([entry], 'ports');
    this.ports += left === undefined ? only.end - only.begin + 1 : countPorts(left);
    this.#insertPorts({ entry, left });
  }

  #insert(part: ScalarPart): void {
    this[part.name] += part.left;
    if (this.#scalars === undefined || goesFirst(part)) {
      part.next = this.#scalars;
      this.#scalars = part;
      return;
    }
    let last = this.#scalars;
    while (last.next !== undefined) last = last.next;
    last.next = part;
  }

  #insertPorts(part: PortsPart): void {
    this.#ports = goesFirst(part) ? [part, ...this.#ports] : [...this.#ports, part];
  }

  /** Takes over what another one of the same agent has left. */
  absorb(other: Supply): void {
    for (let part = other.#scalars; part !== undefined; part = part.next) this.#insert({ ...part, next: undefined });
    this.ports += other.ports;
    for (const part of other.#ports) this.#insertPorts(part);
  }

  covers(need: Need): boolean {
    return this.cpus >= need.cpus && this.mem >= need.mem && this.disk >= need.disk && this.gpus >= need.gpus && this.hasPorts(need);
  }

  hasPorts({ ports, portRanges }: Need): boolean {
    if (this.ports < ports) return false;
    if (portRanges.length === 0) return true;
    return portRanges.every((range) => countPorts(this.#ports.flatMap((part) => overlap(leftOf(part), range))) === range[1] - range[0] + 1);
  }

  /** What was offered, whatever was taken of it since. */
  get offered(): Amounts {
    const offered: Amounts = { cpus: 0, mem: 0, disk: 0, gpus: 0, ports: 0 };
    for (let part = this.#scalars; part !== undefined; part = part.next) offered[part.name] += toMilli(part.entry.scalar?.value ?? 0);
    for (const { entry } of this.#ports) offered.ports += countPorts(intervalsIn([entry], 'ports'));
    return offered;
  }

  /** The part that so many thousandths are taken of; undefined: there are several, or too few. */
  partWith(name: ScalarName, thousandths: number): ScalarPart | undefined {
    let part = this.#scalars;
    while (part !== undefined && (part.name !== name || part.left === 0)) part = part.next;
    return part !== undefined && part.left >= thousandths ? part : undefined;
  }

  /** Takes so many thousandths, which must be there, of one part. */
  takeOf(part: ScalarPart, thousandths: number): MesosResource {
    part.left -= thousandths;
    this[part.name] -= thousandths;
    return cutOf(part, thousandths);
  }

  /** Takes so many thousandths, which must be there, and appends the entries that a task has of them. */
  takeScalar(name: ScalarName, thousandths: number, into: MesosResource[]): void {
    let missing = thousandths;
    this[name] -= thousandths;
    for (let part = this.#scalars; part !== undefined; part = part.next) {
      if (part.name !== name) continue;
      const amount = Math.min(part.left, missing);
      if (amount === 0) continue;
      part.left -= amount;
      missing -= amount;
      into.push(cutOf(part, amount));
      if (missing === 0) return;
    }
  }

  /** Takes the ports asked for, then any; appends the entries that a task has of them and returns them in that order. */
  takePorts(need: Need, into: MesosResource[]): Interval[] {
    const wanted = [...need.portRanges];
    const given = wanted.slice();
    const taken: Interval[][] = this.#ports.map((part) => {
      const own = wanted.flatMap((range) => overlap(leftOf(part), range));
      for (const range of own) part.left = withoutRange(leftOf(part), range);
      return own;
    });
    let missing = need.anyPorts;
    for (const [index, part] of this.#ports.entries()) {
      for (const range of firstPorts(leftOf(part), missing)) {
        part.left = withoutRange(leftOf(part), range);
        taken[index]?.push(range);
        given.push(range);
        missing -= countPorts([range]);
      }
    }
    for (const [index, part] of this.#ports.entries()) {
      const ranges = taken[index] ?? [];
      if (ranges.length > 0) into.push({ ...part.entry, ranges: { range: ranges.map(([begin, end]) => ({ begin, end })) } });
    }
    this.ports -= need.ports;
    return given;
  }
}
