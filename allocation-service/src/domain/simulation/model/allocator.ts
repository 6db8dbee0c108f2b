import type { Offer } from '@streams-on-mesos/mesos';
import type { DesiredState } from '@streams-on-mesos/messages';
import type { ModelAgent, ModelTask } from './agent.js';
import { Bag } from './bag.js';
import type { Random } from './random.js';

export interface OutstandingOffer {
  readonly id: string;
  readonly agent: ModelAgent;
  readonly offer: Offer;
  readonly madeAt: number;
}

interface Filter {
  readonly until: number;
  readonly cpus: number;
  readonly mem: number;
}

/** The master's allocator: who is offered what, and for how long what was declined is not offered again. */
export class ModelAllocator {
  /** Every offer ever made, for the observer. */
  readonly allOffers = new Map<string, OutstandingOffer>();
  readonly outstanding = new Map<string, OutstandingOffer>();
  readonly #wanted = new Map<string, NonNullable<DesiredState['roles']>[number]>();
  readonly #filters = new Map<string, Filter>();
  #counter = 0;
  /** The last cycle had nothing to offer, and nothing has changed since. */
  #isIdle = false;

  constructor(
    readonly random: Random,
    readonly now: () => number,
  ) {}

  /** Something has changed that the next cycle has to look at. */
  changed(): void {
    this.#isIdle = false;
  }

  suppressAll(): void {
    this.changed();
    this.#wanted.clear();
  }

  /** UPDATE_FRAMEWORK and SUPPRESS: what of these is not wanted gets no offers. */
  setRoles(roles: DesiredState['roles'] = []): void {
    this.changed();
    this.#wanted.clear();
    for (const role of roles) if (role.wanted) this.#wanted.set(role.role, role);
  }

  revive(): void {
    this.changed();
    this.#filters.clear();
  }

  /** One cycle: what is free of each agent goes to one role that wants it, sometimes in two offers. */
  cycle(agents: readonly ModelAgent[], tasks: Iterable<ModelTask>, frameworkId: string): Offer[] {
    const offers: Offer[] = [];
    if (this.#wanted.size === 0 || (this.#isIdle && this.now() < this.#filtersUntil())) return offers;
    this.#isIdle = true;
    const free = new Map<ModelAgent, Bag>();
    for (const agent of agents) if (agent.up && agent.registered) free.set(agent, Bag.of(agent.resources));
    for (const task of tasks) if (task.alive) free.get(task.agent)?.take(task.resources);
    for (const { agent, offer } of this.outstanding.values()) free.get(agent)?.take(offer.resources ?? []);
    for (const [agent, bag] of free) {
      const roles = [...this.#wanted.keys()];
      for (let first = this.random.below(roles.length); roles.length > 0; first = 0) {
        const [role = ''] = roles.splice(first, 1);
        const resources = bag.offerable(role);
        if (this.#isRefused(agent, role, resources)) continue;
        bag.take(resources);
        for (const part of this.random.chance(0.2) ? halves(resources) : [resources])
          offers.push(this.#make(agent, role, part, frameworkId));
      }
    }
    return offers;
  }

  #isRefused(agent: ModelAgent, role: string, resources: readonly Resource[]): boolean {
    const bag = Bag.of(resources);
    const [cpus, mem] = [bag.sum('cpus'), bag.sum('mem')];
    const floors = this.#wanted.get(role)?.min_allocatable?.quantities ?? [];
    const enough = floors.length === 0 ? cpus >= 0.01 || mem >= 32 : floors.some((floor) => covers(bag, floor.quantities ?? {}));
    const filter = this.#filters.get(`${agent.id} ${role}`);
    const isFiltered = filter !== undefined && this.now() < filter.until && cpus <= filter.cpus && mem <= filter.mem;
    return resources.length === 0 || !enough || isFiltered;
  }

  #make(agent: ModelAgent, role: string, resources: Resource[], frameworkId: string): Offer {
    this.#counter += 1;
    const offer: Offer = {
      id: { value: `offer-${this.#counter}` },
      framework_id: { value: frameworkId },
      agent_id: { value: agent.id },
      hostname: agent.hostname,
      allocation_info: { role },
      resources,
      attributes: agent.attributes,
      domain: agent.domain,
      ...(agent.unavailability && { unavailability: agent.unavailability }),
    };
    const made = { id: offer.id.value, agent, offer, madeAt: this.now() };
    this.changed();
    this.outstanding.set(made.id, made);
    this.allOffers.set(made.id, made);
    return offer;
  }

  /** What of an offer was not used is not offered again for a while. */
  refuse(id: string, secs: number): void {
    this.changed();
    const declined = this.outstanding.get(id);
    if (declined === undefined) return;
    this.outstanding.delete(id);
    const bag = Bag.of(declined.offer.resources);
    const key = `${declined.offer.agent_id.value} ${declined.offer.allocation_info?.role ?? ''}`;
    this.#filters.set(key, { until: this.now() + secs * 1000, cpus: bag.sum('cpus'), mem: bag.sum('mem') });
  }

  #filtersUntil(): number {
    let first = Infinity;
    for (const { until } of this.#filters.values()) if (until > this.now()) first = Math.min(first, until);
    return first;
  }

  /** Takes back all offers of an agent; returns their ids. */
  rescind(agent: ModelAgent): string[] {
    this.changed();
    const ids = [...this.outstanding.values()].filter((made) => made.agent === agent).map(({ id }) => id);
    for (const id of ids) this.outstanding.delete(id);
    return ids;
  }
}

type Resource = NonNullable<Offer['resources']>[number];

const covers = (bag: Bag, wanted: Readonly<Record<string, { readonly value: number }>>): boolean =>
  Object.entries(wanted).every(([name, { value }]) => bag.sum(name) >= value);

/** Two offers of one agent that together are all of it. */
const halves = (resources: readonly Resource[]): Resource[][] => {
  const half = (resource: Resource): Resource => {
    const value = Math.floor((resource.scalar?.value ?? 0) * 500) / 1000;
    return { ...resource, scalar: { value } };
  };
  const first = resources.filter(({ scalar }) => (scalar?.value ?? 0) >= 0.002).map(half);
  const rest = Bag.of(resources);
  rest.take(first);
  const role = resources[0]?.allocation_info?.role ?? '';
  return [first, rest.offerable(role)].filter((part) => part.length > 0);
};
