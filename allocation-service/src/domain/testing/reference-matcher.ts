import type { Offer, Resource as MesosResource } from '@streams-on-mesos/mesos';
import type { Allocate, Constraint } from '@streams-on-mesos/messages';

// What matching has to decide, in the plainest words and as slowly as that is: every search sorts all lots anew, every
// constraint counts all that was placed, every port is a number. It knows nothing of avoided agents, licences, back-offs
// and agents that are earmarked for somebody.

const scalars = ['cpus', 'mem', 'disk', 'gpus'] as const;
type Scalar = (typeof scalars)[number];

/** Scalars in thousandths; ports one by one. */
interface Amount extends Record<Scalar, number> {
  ports: number[];
}

/** What is left of one offer, or of several of one agent and role that were joined. */
interface Lot {
  readonly offer: Offer;
  readonly agentId: string;
  readonly role: string;
  readonly firm: Amount;
  readonly revocable: Amount;
}

interface Waiting {
  readonly body: Allocate;
  /** Resource ids, in the order of their numbers. */
  readonly resources: string[];
}

interface Placed {
  readonly body: Allocate;
  readonly offer: Offer;
}

const amountOf = (entries: readonly MesosResource[]): Amount => {
  const amount: Amount = { cpus: 0, mem: 0, disk: 0, gpus: 0, ports: [] };
  for (const { name, scalar, ranges } of entries) {
    for (const { begin, end } of ranges?.range ?? []) for (let port = begin; port <= end; port += 1) amount.ports.push(port);
    for (const one of scalars) if (name === one) amount[one] += Math.round((scalar?.value ?? 0) * 1000);
  }
  amount.ports.sort((a, b) => a - b);
  return amount;
};

const valueOf = ({ hostname, attributes = [] }: Offer, field: string): string | undefined =>
  field === '@hostname' ? hostname : attributes.find(({ name }) => name === field)?.text?.value;

export class ReferenceMatcher {
  /** Where each resource is that was placed. */
  readonly agentOf = new Map<string, string>();
  readonly #waiting: Waiting[] = [];
  readonly #placed: Placed[] = [];

  constructor(readonly floor: { readonly cpus: number; readonly mem: number }) {}

  ask(body: Allocate, resources: readonly string[]): void {
    this.#waiting.push({ body, resources: [...resources] });
  }

  offer(offers: readonly Offer[]): void {
    const lots = offers.map((offer): Lot => {
      const entries = offer.resources ?? [];
      return {
        offer,
        agentId: offer.agent_id.value,
        role: offer.allocation_info?.role ?? '*',
        firm: amountOf(entries.filter(({ revocable }) => revocable === undefined)),
        revocable: amountOf(entries.filter(({ revocable }) => revocable !== undefined)),
      };
    });
    // Highest priority first, then who asked first: sorting is stable.
    const inOrder = [...this.#waiting].sort((a, b) => (b.body.priority ?? 0) - (a.body.priority ?? 0));
    const search = new Search(this, lots, inOrder, this.#placed);
    for (const waiting of inOrder) search.serve(waiting);
  }
}

/** The offers of one event. */
class Search {
  readonly #totals = new Map<string, Record<Scalar, number>>();

  constructor(
    readonly matcher: ReferenceMatcher,
    readonly lots: Lot[],
    waiting: readonly Waiting[],
    readonly placed: Placed[],
  ) {
    for (const role of new Set(lots.map((lot) => lot.role))) {
      const asking = waiting.filter(({ body, resources }) => resources.length > 0 && (body.role ?? '*') === role);
      const totals = { cpus: 0, mem: 0, disk: 0, gpus: 0 };
      for (const name of scalars) {
        if (name !== 'cpus' && name !== 'mem' && !asking.some(({ body }) => (body.each[name] ?? 0) > 0)) continue;
        for (const lot of lots) if (lot.role === role) totals[name] += Math.max(lot.firm[name], lot.revocable[name]);
      }
      this.#totals.set(role, totals);
    }
  }

  serve(waiting: Waiting): void {
    const { body, resources } = waiting;
    const atFirst = resources.length;
    const { role = '*', revocable = false } = body;
    const placeOn = (lot: Lot, accepts: (lot: Lot) => boolean): void => {
      while (resources[0] !== undefined && accepts(lot) && this.#isAllowed(body, lot)) {
        this.#take(body, lot);
        this.placed.push({ body, offer: lot.offer });
        this.matcher.agentOf.set(resources[0], lot.agentId);
        resources.shift();
      }
    };
    // What broke GROUP_BY may fulfil it now.
    const mayRecover = (body.constraints ?? []).some(({ operator }) => operator === 'GROUP_BY');
    const pass = (accepts: (lot: Lot) => boolean): void => {
      const before = resources.length;
      for (const lot of this.#bestFitFirst(role, body)) placeOn(lot, accepts);
      if (mayRecover && resources.length < before) pass(accepts);
    };
    if (revocable) pass((lot) => this.#fits(body, lot) && lot.revocable.cpus >= this.#least(body, 'cpus'));
    pass((lot) => this.#fits(body, lot));
    for (const agentId of [...new Set(this.lots.map((lot) => lot.agentId))].sort()) {
      if (resources.length === 0) return;
      const joined = this.#join(body, agentId, role);
      if (joined !== undefined) placeOn(joined, (lot) => this.#fits(body, lot));
    }
    if (mayRecover && resources.length < atFirst) this.serve(waiting);
  }

  /** The least dominant share first, agents with gpus last; who takes all there is begins at the other end. */
  #bestFitFirst(role: string, { each }: Allocate): Lot[] {
    const shareOf = (lot: Lot): number =>
      Math.max(
        ...scalars.flatMap((name) => {
          const total = this.#totals.get(role)?.[name] ?? 0;
          return total === 0 ? [0] : [lot.firm[name] / total, lot.revocable[name] / total];
        }),
      );
    const hasGpus = (lot: Lot): number => (lot.firm.gpus + lot.revocable.gpus > 0 ? 1 : 0);
    const keys = new Map(this.lots.map((lot) => [lot, [hasGpus(lot), shareOf(lot), lot.agentId, lot.offer.id.value]]));
    const compare = (a: Lot, b: Lot): number => {
      const [keysOfB = []] = [keys.get(b)];
      const at = (keys.get(a) ?? []).findIndex((key, index) => key !== keysOfB[index]);
      return at < 0 ? 0 : (keys.get(a)?.[at] ?? 0) < (keysOfB[at] ?? 0) ? -1 : 1;
    };
    const order = this.lots.filter((lot) => lot.role === role).sort(compare);
    return each.cpus === 0 || each.mem === 0 ? order.reverse() : order;
  }

  /** The least that one resource takes, in thousandths. */
  #least({ each }: Allocate, name: Scalar): number {
    const floor = name === 'cpus' || name === 'mem' ? this.matcher.floor[name] : 0;
    return Math.round(((each[name] ?? 0) || floor) * 1000);
  }

  #fits(body: Allocate, { firm, revocable }: Lot): boolean {
    const kinds = body.revocable === true ? [firm, revocable] : [firm];
    const ports = body.each.ports ?? 0;
    return (
      scalars.every((name) => kinds.some((kind) => kind[name] >= this.#least(body, name))) &&
      kinds.some((kind) => kind.ports.length >= ports)
    );
  }

  #isAllowed(body: Allocate, { agentId, offer }: Lot): boolean {
    // Nobody waits for long here, so that agents near maintenance are not used.
    if (offer.unavailability !== undefined) return false;
    const here = this.placed.filter((other) => other.offer.agent_id.value === agentId);
    if (here.some((other) => other.body.alone_on_agent === true)) return false;
    if (body.alone_on_agent === true && here.length > 0) return false;
    const own = this.placed.filter((other) => other.body === body).map((other) => other.offer);
    return (body.constraints ?? []).every((constraint) => isFulfilled(constraint, offer, own));
  }

  #take(body: Allocate, { firm, revocable }: Lot): void {
    const { each, revocable: accepts } = body;
    for (const name of scalars) {
      const least = this.#least(body, name);
      const kind = accepts === true && revocable[name] >= least ? revocable : firm;
      const takesAll = (name === 'cpus' || name === 'mem') && each[name] === 0;
      kind[name] -= takesAll ? kind[name] : least;
    }
    const ports = each.ports ?? 0;
    (accepts === true && revocable.ports.length >= ports ? revocable : firm).ports.splice(0, ports);
  }

  /** The agent's offers to the role, the one with most cpus first, as one as soon as that has room. */
  #join(body: Allocate, agentId: string, role: string): Lot | undefined {
    const most = (lot: Lot): number => Math.max(lot.firm.cpus, lot.revocable.cpus);
    const own = this.lots.filter((lot) => lot.agentId === agentId && lot.role === role).sort((a, b) => most(b) - most(a));
    const [first, ...others] = own;
    if (first === undefined || others.length === 0 || !this.#isAllowed(body, first)) return undefined;
    const accepted = (lot: Lot): Amount[] => (body.revocable === true ? [lot.firm, lot.revocable] : [lot.firm]);
    const isEnough = (amount: (of: Amount) => number, least: number): boolean =>
      own.reduce((sum, lot) => sum + Math.max(...accepted(lot).map(amount)), 0) >= least;
    if (!scalars.every((name) => isEnough((of) => of[name], this.#least(body, name)))) return undefined;
    if (!isEnough((of) => of.ports.length, body.each.ports ?? 0)) return undefined;
    for (const other of others) {
      if (this.#fits(body, first)) break;
      for (const kind of ['firm', 'revocable'] as const) {
        for (const name of scalars) first[kind][name] += other[kind][name];
        first[kind].ports.push(...other[kind].ports);
      }
      this.lots.splice(this.lots.indexOf(other), 1);
    }
    return first;
  }
}

/** Marathon's docs/constraints.md, "Operators". */
const isFulfilled = ({ field, operator, value = '' }: Constraint, offer: Offer, own: readonly Offer[]): boolean => {
  const offered = valueOf(offer, field);
  if (offered === undefined) return operator === 'UNLIKE';
  const others = own.map((other) => valueOf(other, field));
  const countOf = (text: string | undefined): number => others.filter((other) => other === text).length;
  switch (operator) {
    case 'UNIQUE':
      return countOf(offered) === 0;
    case 'MAX_PER':
      return countOf(offered) < Number(value);
    case 'CLUSTER':
      return value === '' ? others.every((other) => other === offered) : offered === value;
    case 'IS':
      return offered === value;
    case 'LIKE':
      return new RegExp(`^(?:${value})$`).test(offered);
    case 'UNLIKE':
      return !new RegExp(`^(?:${value})$`).test(offered);
    case 'GROUP_BY': {
      const groups = new Set(others);
      return !groups.has(offered) || (groups.size >= Number(value) && [...groups].every((group) => countOf(offered) <= countOf(group)));
    }
    default:
      return false;
  }
};
