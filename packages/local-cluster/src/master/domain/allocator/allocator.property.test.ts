// Whatever agents, frameworks and time do: nothing is lost or given twice, nobody is offered what is not his, and what is wanted is offered.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllocatableTo } from '../../../resources/reservations.js';
import { pushReservation } from '../../../resources/testing/push-reservation.js';
import { parseResources } from '../../../resources/resources-text.js';
import { add, contains, isSame, scalarMilli, type Resources } from '../../../resources/resources.js';
import { markUnreachable } from '../agents/unreachable.js';
import type { AgentRecord, FrameworkRecord, OfferRecord } from '../master-state.js';
import { statusUpdate } from '../status-update.js';
import { streamClosed, subscribe } from '../subscription.js';
import { holdsNothing } from '../task.js';
import { TestMaster } from '../testing/master.js';
import { isAllocatable } from './offer-filters.js';

const ROLES = ['*', 'a', 'a/x', 'a/y', 'b'];
const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'RESERVATION_REFINEMENT' as const }];

/** What happens; which agent, framework or offer it happens to is chosen by a number. */
interface Step {
  readonly do:
    | 'agent'
    | 'lose'
    | 'framework'
    | 'update'
    | 'launch'
    | 'decline'
    | 'finish'
    | 'revive'
    | 'suppress'
    | 'disconnect'
    | 'resubscribe'
    | 'teardown'
    | 'cycle';
  readonly who: number;
  readonly cpus: number;
  readonly reserved: string;
  readonly roles: string[];
  readonly suppressed: boolean;
  readonly seconds: number;
  readonly ms: number;
}

const kinds: Record<Step['do'], number> = {
  agent: 3,
  lose: 1,
  framework: 2,
  update: 2,
  launch: 4,
  decline: 4,
  finish: 2,
  revive: 1,
  suppress: 1,
  disconnect: 1,
  resubscribe: 1,
  teardown: 1,
  cycle: 4,
};

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    do: fc.oneof(...Object.entries(kinds).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Step['do']) }))),
    who: fc.nat(4),
    cpus: fc.integer({ min: 1, max: 8 }),
    reserved: fc.constantFrom(...ROLES),
    roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }),
    suppressed: fc.boolean(),
    seconds: fc.constantFrom(-1, 0, 1, 20),
    ms: fc.constantFrom(0, 1_000, 5_000),
  }),
  { minLength: 5, maxLength: 60 },
);

class World extends TestMaster {
  private names = 0;
  private tasks = 0;
  private readonly seen = new Set<string>();

  private pick<T>(list: Iterable<T>, index: number): T | undefined {
    const all = [...list];
    return all[index % Math.max(1, all.length)];
  }

  step(step: Step): void {
    if (step.do === 'agent') return this.addAgent(step.cpus, step.reserved);
    if (step.do === 'lose') {
      const agent = this.pick(this.state.agents.values(), step.cpus);
      return this.turn((turn) => agent && markUnreachable(this.state, agent.id, 'lost', turn));
    }
    if (step.do === 'cycle') return this.cycle(step.ms);
    if (step.do === 'framework') {
      this.framework(`f${this.names++}`, { roles: step.roles, capabilities }, step.suppressed ? step.roles.slice(1) : []);
      return;
    }
    const framework = this.pick(this.state.frameworks.values(), step.who);
    if (framework === undefined) return;
    if (step.do === 'resubscribe') {
      const stream = `f${this.names++}`;
      return this.turn((turn) => subscribe(this.state, stream, { framework_info: framework.info }, turn));
    }
    const { stream } = framework;
    if (stream === undefined) return;
    if (step.do === 'disconnect') return this.turn((turn) => streamClosed(this.state, stream, turn));
    if (step.do === 'teardown') return void this.call(stream, { type: 'TEARDOWN' });
    if (step.do === 'revive') return void this.call(stream, { type: 'REVIVE' });
    if (step.do === 'suppress') return void this.call(stream, { type: 'SUPPRESS' });
    if (step.do === 'finish') return this.finish(framework);
    if (step.do === 'update') {
      const framework_info = { ...framework.info, roles: step.roles };
      const suppressed_roles = step.suppressed ? step.roles.slice(1) : [];
      this.call(stream, { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info, suppressed_roles } });
      return;
    }
    const offer = this.pick(framework.offers.values(), step.cpus);
    if (offer === undefined) return;
    const offer_ids = [{ value: offer.id }];
    const filters = { refuse_seconds: step.seconds };
    if (step.do === 'decline') return void this.call(stream, { type: 'DECLINE', decline: { offer_ids, filters } });
    const info = {
      name: 't',
      task_id: { value: `t${this.tasks++}` },
      agent_id: { value: offer.agentId },
      resources: [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: step.cpus } }],
      command: { value: 'true' },
    };
    this.call(stream, { type: 'ACCEPT', accept: { offer_ids, operations: [{ type: 'LAUNCH', launch: { task_infos: [info] } }], filters } });
  }

  private addAgent(cpus: number, role: string): void {
    const free = parseResources(`cpus:${cpus};mem:${cpus * 64};ports:[1-${cpus}]`);
    const own = role === '*' ? [] : pushReservation(parseResources('cpus:2;mem:64'), { type: 'STATIC', role });
    this.agent(`h${this.names++}`, '', '', { resources: add(free, own) });
  }

  private finish(framework: FrameworkRecord): void {
    const task = [...framework.tasks.values()].find(({ state }) => !holdsNothing(state));
    if (task === undefined) return;
    const status = { task_id: { value: task.id }, state: 'TASK_FINISHED' as const, uuid: 'x' };
    const update = {
      agentId: task.agentId,
      frameworkId: framework.id,
      status,
      latestState: 'TASK_FINISHED' as const,
      executorId: undefined,
    };
    this.turn((turn) => statusUpdate(this.state, update, turn));
  }

  /** Offers that were not there before. */
  newOffers(): OfferRecord[] {
    const fresh = [...this.state.offers.values()].filter(({ id }) => !this.seen.has(id));
    for (const { id } of fresh) this.seen.add(id);
    return fresh;
  }
}

const heldOn = ({ offers, tasks }: AgentRecord): Resources[] => [
  ...[...offers.values()].map(({ resources }) => resources),
  ...[...tasks.values()].filter(({ state }) => !holdsNothing(state)).map(({ resources }) => resources),
];

const sum = (all: readonly Resources[]): Resources => all.reduce(add, []);

const expectConserved = ({ state }: World): void => {
  for (const agent of state.agents.values()) expect(isSame(sum([agent.available, ...heldOn(agent)]), agent.total)).toBe(true);
  const held = sum([...state.agents.values()].flatMap(heldOn));
  for (const name of ['cpus', 'mem']) {
    expect(state.roleSorter.root.milli.get(name) ?? 0).toBe(scalarMilli(held, name));
    expect(state.totals.milli.get(name) ?? 0).toBe(scalarMilli(sum([...state.agents.values()].map(({ total }) => total)), name));
  }
};

const expectRightful = (world: World): void => {
  for (const { frameworkId, role, resources } of world.newOffers()) {
    const framework = world.state.frameworks.get(frameworkId) ?? expect.fail();
    expect(framework.state).toBe('active');
    expect(framework.roles).toContain(role);
    expect(framework.suppressedRoles.has(role)).toBe(false);
    expect(resources.every((quantity) => isAllocatableTo(quantity, role))).toBe(true);
  }
};

const expectNothingWantedIsLeft = ({ state, now }: World): void => {
  for (const agent of state.agents.values())
    for (const framework of state.frameworks.values())
      for (const role of framework.roles) {
        const resources = agent.available.filter((quantity) => isAllocatableTo(quantity, role));
        if (framework.state !== 'active' || framework.suppressedRoles.has(role)) continue;
        if (!isAllocatable(framework, role, resources, state.settings)) continue;
        const filters = framework.filters.get(role)?.get(agent.id) ?? [];
        expect(filters.some((filter) => filter.expiresAt > now && contains(filter.resources, resources))).toBe(true);
      }
};

it('nothing is lost, given twice, given to the wrong one or kept from who wants it', () => {
  fc.assert(
    fc.property(steps, fc.integer(), (list, seed) => {
      const world = new World({}, seed);
      for (const step of list) {
        world.step(step);
        expectConserved(world);
        expectRightful(world);
        if (step.do === 'cycle') expectNothingWantedIsLeft(world);
      }
      world.cycle();
      expectNothingWantedIsLeft(world);
      for (const framework of [...world.state.frameworks.values()])
        if (framework.stream !== undefined) world.call(framework.stream, { type: 'TEARDOWN' });
    }),
    { numRuns: 300 },
  );
});

describe('two that take all they get', () => {
  it.each([
    ['of one role', ['*'], ['*']],
    ['of two roles', ['a'], ['b']],
    ['of two branches of a role', ['a/x'], ['a/y']],
    ['of a role and one below it', ['a'], ['a/x']],
  ])('%s share evenly, whatever agents come', (_what, left, right) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 30 }), fc.integer(), (sizes, seed) => {
        const master = new TestMaster({}, seed);
        master.framework('f', { roles: left });
        master.framework('g', { roles: right });
        for (const [index, cpus] of sizes.entries()) master.agent(`h${index}`, `cpus:${cpus};mem:${cpus * 1024}`);
        const cpusOf = (name: string): number =>
          master
            .open(name)
            .reduce((total, { resources = [] }) => total + (resources.find((one) => one.name === 'cpus')?.scalar?.value ?? 0), 0);
        expect(Math.abs(cpusOf('f') - cpusOf('g'))).toBeLessThanOrEqual(8);
      }),
      { numRuns: 50 },
    );
  });
});
