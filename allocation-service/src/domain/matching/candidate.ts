import type { Interval, Offer, Resource as MesosResource } from '@streams-on-mesos/mesos';
import { fromMilli, reservationRole } from '@streams-on-mesos/mesos';
import type { Quantities, Workload } from '@streams-on-mesos/messages';
import type { Resource } from '../model.js';
import type { AgentFacts } from '../agents/agent-facts.js';
import type { Amounts } from './amounts.js';
import type { KnownAgent } from '../agents/known-agent.js';
import type { Need, ScalarName } from './need.js';
import { Supply } from './supply.js';

/** One resource on one agent: what it gets, and the offer's entries that it gets it from. */
export interface Match {
  readonly resource: Resource;
  readonly quantities: Quantities;
  readonly entries: MesosResource[];
  /** Once it was made for this host; absent: the request's. */
  readonly workload?: Workload;
}

/** What is reserved, if at all, for the role itself or for one above it may be used (src/common/resources.cpp, isAllocatableTo). */
const othersRole = (entry: MesosResource, role: string): string | undefined => {
  if (entry.reservations === undefined && entry.role === undefined) return undefined;
  const reserved = reservationRole(entry);
  return reserved === undefined || reserved === role || role.startsWith(`${reserved}/`) ? undefined : reserved;
};

/** A volume, a disk of its own, what is shared and what a resource provider has are never taken for plain disk space. */
const isSpecial = (entry: MesosResource): boolean =>
  entry.shared !== undefined || entry.disk !== undefined || entry.provider_id !== undefined;

const isScalarName = (name: string): name is ScalarName => name === 'cpus' || name === 'mem' || name === 'disk' || name === 'gpus';

const none: Candidate['reservedForOthers'] = [];
const noMatches: Match[] = [];

/**
 * What is left of an offer, or of several of one agent to one role, while resources are placed on it. A task has firm
 * quantities, or revocable ones: Mesos refuses a mix of one name (src/master/validation.cpp, validateRevocable…).
 */
export class Candidate {
  readonly offerIds: string[];
  matches = noMatches;
  readonly firm = new Supply();
  revocable: Supply | undefined;
  /** Names of quantities that are reserved for roles that are not ours, with those roles. */
  reservedForOthers: readonly { readonly name: string; readonly role: string }[] = none;
  /** Where the index of candidates has it; undefined: nowhere. What is taken of it shows there later. */
  share: number | undefined;
  hadGpus = false;
  /** undefined: it was made for itself. */
  home: KnownAgent | undefined;
  /** What tasks of this framework had of the agent when it was offered; undefined: nothing. */
  inUse: Amounts | undefined;

  constructor(
    readonly agent: AgentFacts,
    readonly role: string,
    offer: Offer,
  ) {
    this.offerIds = [offer.id.value];
    for (const entry of offer.resources ?? []) this.#add(entry);
  }

  #add(entry: MesosResource): void {
    if (isSpecial(entry)) return;
    const other = othersRole(entry, this.role);
    if (other !== undefined) {
      this.reservedForOthers = [...this.reservedForOthers, { name: entry.name, role: other }];
      return;
    }
    const supply = entry.revocable === undefined ? this.firm : (this.revocable ??= new Supply());
    const { name, type } = entry;
    if (type === 'SCALAR' && isScalarName(name)) supply.addScalar(name, entry);
    else if (type === 'RANGES' && name === 'ports') supply.addPorts(entry);
  }

  /** Joins another candidate of the same agent and role: both offers are then used in one ACCEPT. */
  absorb(other: Candidate): void {
    this.offerIds.push(...other.offerIds);
    if (other.matches.length > 0) this.matches = [...this.matches, ...other.matches];
    this.reservedForOthers = [...this.reservedForOthers, ...other.reservedForOthers];
    this.firm.absorb(other.firm);
    if (other.revocable === undefined) return;
    this.revocable ??= new Supply();
    this.revocable.absorb(other.revocable);
  }

  /** The most that one resource could get of a quantity, whatever kind it accepts. */
  most(name: ScalarName | 'ports'): number {
    return this.revocable === undefined ? this.firm[name] : Math.max(this.firm[name], this.revocable[name]);
  }

  /** The most that a resource could get of a quantity, if it accepts revocable ones or not. */
  room(name: ScalarName | 'ports', acceptsRevocable: boolean): number {
    return acceptsRevocable ? this.most(name) : this.firm[name];
  }

  hasPorts(need: Need, acceptsRevocable: boolean): boolean {
    return this.firm.hasPorts(need) || (acceptsRevocable && this.revocable?.hasPorts(need) === true);
  }

  fits(need: Need, acceptsRevocable: boolean): boolean {
    if (!acceptsRevocable || this.revocable === undefined) return this.firm.covers(need);
    return (
      this.room('cpus', acceptsRevocable) >= need.cpus &&
      this.room('mem', acceptsRevocable) >= need.mem &&
      this.room('disk', acceptsRevocable) >= need.disk &&
      this.room('gpus', acceptsRevocable) >= need.gpus &&
      this.hasPorts(need, acceptsRevocable)
    );
  }

  /** Has revocable cpus for it. */
  fitsRevocably(need: Need): boolean {
    return this.revocable !== undefined && this.revocable.cpus >= need.cpus && this.fits(need, true);
  }

  /** Gives a resource what it needs, which must be there. */
  place(resource: Resource, need: Need, acceptsRevocable: boolean): void {
    const match = this.#plainMatch(resource, need, acceptsRevocable) ?? this.#match(resource, need, acceptsRevocable);
    if (this.matches === noMatches) this.matches = [match];
    else this.matches.push(match);
  }

  /** As most are, cpus and mem of one entry each: the next that needs the same here has the same list of entries. undefined: it is not. */
  #plainMatch(resource: Resource, { cpus, mem, disk, gpus, given }: Need, acceptsRevocable: boolean): Match | undefined {
    const { firm } = this;
    if (given === undefined || disk > 0 || gpus > 0 || (acceptsRevocable && this.revocable !== undefined)) return undefined;
    const cpusPart = firm.partWith('cpus', cpus);
    const memPart = firm.partWith('mem', mem);
    if (cpusPart === undefined || memPart === undefined) return undefined;
    const cpusEntry = firm.takeOf(cpusPart, cpus);
    const memEntry = firm.takeOf(memPart, mem);
    const last = this.matches.at(-1)?.entries;
    const isSame = last?.length === 2 && last[0] === cpusEntry && last[1] === memEntry;
    return { resource, quantities: given, entries: isSame ? last : [cpusEntry, memEntry] };
  }

  #match(resource: Resource, need: Need, acceptsRevocable: boolean): Match {
    const entries: MesosResource[] = [];
    const cpus = this.#take('cpus', need.cpus, need.takesAllCpus, acceptsRevocable, entries);
    const mem = this.#take('mem', need.mem, need.takesAllMem, acceptsRevocable, entries);
    const disk = need.disk > 0 ? this.#take('disk', need.disk, false, acceptsRevocable, entries) : undefined;
    const gpus = need.gpus > 0 ? this.#take('gpus', need.gpus, false, acceptsRevocable, entries) : undefined;
    if (need.given !== undefined) return { resource, quantities: need.given, entries };
    const quantities: Quantities = { cpus, mem };
    if (disk !== undefined) quantities.disk = disk;
    if (gpus !== undefined) quantities.gpus = gpus;
    if (need.ports > 0) quantities.port_ranges = this.#takePorts(need, acceptsRevocable, entries).map(([begin, end]) => ({ begin, end }));
    return { resource, quantities, entries };
  }

  /** What was placed, which whoever remembers the candidate need not remember, too. */
  takeMatches(): readonly Match[] {
    const { matches } = this;
    this.matches = noMatches;
    return matches;
  }

  #take(name: ScalarName, least: number, all: boolean, acceptsRevocable: boolean, entries: MesosResource[]): number {
    const { revocable } = this;
    const supply = acceptsRevocable && revocable !== undefined && revocable[name] >= least ? revocable : this.firm;
    const amount = all ? supply[name] : least;
    supply.takeScalar(name, amount, entries);
    return fromMilli(amount);
  }

  #takePorts(need: Need, acceptsRevocable: boolean, entries: MesosResource[]): Interval[] {
    const supply = acceptsRevocable && this.revocable?.hasPorts(need) === true ? this.revocable : this.firm;
    return supply.takePorts(need, entries);
  }
}
