import type { Offer, Resource as MesosResource, TaskInfo } from '@streams-on-mesos/mesos';
import type { Allocate, Constraint } from '@streams-on-mesos/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offer, scalar } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { refusalsOf } from './feasibility.js';

const milli = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most * 1000 }).map((value) => value / 1000);
const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 3 })
  .map((starts) => starts.map((start) => ({ begin: start * 10, end: start * 10 + 4 })));

const offerSpec = fc.record({
  agent: fc.integer({ min: 1, max: 6 }),
  cpus: milli(8),
  more: milli(2),
  mem: milli(4000),
  ranges,
  revocable: fc.boolean(),
});

const offersOf = (specs: readonly (typeof offerSpec extends fc.Arbitrary<infer S> ? S : never)[], round: number): Offer[] =>
  specs.map(({ agent, cpus, more, mem, ranges: range, revocable }, n) => {
    const ports: MesosResource = {
      name: 'ports',
      type: 'RANGES',
      ranges: { range: range.map(({ begin, end }) => ({ begin: begin + n * 1000, end: end + n * 1000 })) },
    };
    const extra = scalar('cpus', more, revocable ? { revocable: {} } : { reservations: [{ type: 'STATIC', role: '*' }] });
    return {
      ...offer(`o${round}-${n}`, { agent: `agent-${agent}`, resources: [scalar('cpus', cpus), extra, scalar('mem', mem), ports] }),
      attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'abc'.charAt(agent % 3) } }],
    };
  });

const constraint: fc.Arbitrary<Constraint> = fc.constantFrom<Constraint>(
  { field: '@hostname', operator: 'UNIQUE' },
  { field: '@hostname', operator: 'MAX_PER', value: '2' },
  { field: 'rack', operator: 'LIKE', value: '[ab]' },
  { field: 'rack', operator: 'GROUP_BY', value: '2' },
  { field: 'rack', operator: 'CLUSTER' },
);

const request = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  priority: fc.integer({ min: 0, max: 2 }),
  each: fc.record({
    cpus: fc.oneof({ arbitrary: milli(4), weight: 5 }, { arbitrary: fc.constant(0), weight: 1 }),
    mem: milli(2000),
    ports: fc.constantFrom(0, 0, 1, 3),
  }),
  alone_on_agent: fc.boolean(),
  revocable: fc.boolean(),
  constraints: fc.array(constraint, { maxLength: 2 }),
});

const world = fc.record({
  offers: fc.array(offerSpec, { minLength: 1, maxLength: 8 }),
  requests: fc.array(request, { minLength: 1, maxLength: 6 }),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

/** All of it is asked for, then all is offered. */
const play = ({ offers, requests }: World, order: (offers: Offer[]) => Offer[] = (same) => same): { story: Scenario; offers: Offer[] } => {
  const story = Scenario.leading({ wholeOfferFloor: { cpus: 0.1, mem: 10 } });
  requests.forEach((body, n) => {
    story.wait(0.001);
    story.allocate({ ...(body as Partial<Allocate>), request_id: `request-${n}` });
  });
  const made = offersOf(offers, 0);
  story.forget().offers(...order(made));
  return { story, offers: made };
};

const sumOf = (entries: readonly MesosResource[], name: string, revocable: boolean): number =>
  entries.reduce(
    (sum, entry) =>
      sum + (entry.name === name && (entry.revocable !== undefined) === revocable ? Math.round((entry.scalar?.value ?? 0) * 1000) : 0),
    0,
  );

const portsOf = (entries: readonly MesosResource[]): number[] =>
  entries.flatMap((entry) =>
    (entry.ranges?.range ?? []).flatMap(({ begin, end }) => Array.from({ length: end - begin + 1 }, (_, n) => begin + n)),
  );

const tasksOf = (operations: { launch?: { task_infos?: TaskInfo[] | undefined } | undefined }[] = []): TaskInfo[] =>
  operations.flatMap(({ launch }) => launch?.task_infos ?? []);

const groupsOf = <T>(items: readonly T[], keyOf: (item: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
};

describe('whatever waits and whatever is offered', () => {
  it('each offer is in exactly one call, and the tasks of an ACCEPT take no more than its offers have', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { story, offers } = play(given);
        const called = [...story.accepts.flatMap(({ offer_ids = [] }) => offer_ids), ...story.declined];
        expect(called.sort()).toEqual(offers.map(({ id }) => id.value).sort());
        for (const { offer_ids: ids = [], operations } of story.accepts) {
          const used = offers.filter(({ id }) => ids.includes(id.value));
          expect(new Set(used.map(({ agent_id }) => agent_id.value)).size).toBe(1);
          const offered = used.flatMap(({ resources = [] }) => resources);
          const taken = tasksOf(operations).flatMap(({ resources = [] }) => resources);
          for (const name of ['cpus', 'mem'])
            for (const revocable of [true, false])
              expect(sumOf(taken, name, revocable)).toBeLessThanOrEqual(sumOf(offered, name, revocable));
          const ports = portsOf(taken);
          expect(new Set(ports).size).toBe(ports.length);
          for (const port of ports) expect(portsOf(offered)).toContain(port);
        }
      }),
    );
  });

  it('each resource gets what it asked for, of one kind only', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { story } = play(given);
        for (const task of story.launched) {
          const resource = story.state.resources.get(task.name);
          const { cpus, mem, ports = 0 } = resource?.requested ?? { cpus: 0, mem: 0 };
          const entries = task.resources ?? [];
          const [firm, revocable] = [sumOf(entries, 'cpus', false), sumOf(entries, 'cpus', true)];
          expect(firm === 0 || revocable === 0).toBe(true);
          if (cpus > 0) expect(firm + revocable).toBe(Math.round(cpus * 1000));
          else expect(firm + revocable).toBeGreaterThanOrEqual(100);
          expect(sumOf(entries, 'mem', false)).toBe(Math.round(mem * 1000));
          expect(portsOf(entries)).toHaveLength(ports);
          if (resource?.request.requirements.revocable !== true) expect(revocable).toBe(0);
        }
      }),
    );
  });

  it('constraints and being alone hold over all that was placed', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { story } = play(given);
        for (const tasks of groupsOf(story.launched, ({ agent_id }) => agent_id.value)) {
          const alone = tasks.some(({ name }) => story.state.resources.get(name)?.request.requirements.aloneOnAgent);
          if (alone) expect(tasks).toHaveLength(1);
        }
        for (const { requirements, resources } of story.state.requests.values()) {
          const placed = [...resources].flatMap(({ task, placement }) =>
            task === undefined || placement === undefined ? [] : [placement],
          );
          for (const { field, operator, value } of requirements.constraints) {
            const values = placed.map(({ fields }) => fields?.[field] ?? '');
            const counts = groupsOf(values, (text) => text).map(({ length }) => length);
            if (operator === 'UNIQUE') expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1);
            if (operator === 'MAX_PER') expect(Math.max(0, ...counts)).toBeLessThanOrEqual(Number(value));
            if (operator === 'CLUSTER') expect(counts.length).toBeLessThanOrEqual(1);
            if (operator === 'LIKE') for (const text of values) expect(text).toMatch(/^[ab]$/);
            if (operator === 'GROUP_BY') expect(Math.max(0, ...counts) - Math.min(...counts, Infinity)).toBeLessThanOrEqual(1);
            if (operator === 'GROUP_BY' && counts.length < 2) expect(values.length).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('what was not placed is refused by every offer, for a reason that can be named, and by none it was placed on', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { story } = play(given);
        for (const waiting of story.state.waiting) {
          for (const resource of waiting.waiting) {
            for (const candidate of [...story.state.leader.agents.values()].flatMap(({ lastOffers }) => lastOffers)) {
              expect(refusalsOf(story.state, waiting, resource, story.now)(candidate)).not.toEqual([]);
            }
          }
        }
      }),
    );
  });

  it('a resource never waits while one of lower priority and the same needs was placed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 10 }),
        fc.array(milli(4), { minLength: 1, maxLength: 5 }),
        (priorities, cpus) => {
          const story = Scenario.leading();
          priorities.forEach((priority, n) => story.allocate({ request_id: `request-${n}`, priority }));
          story.offers(...cpus.map((each, n) => offer(`o${n}`, { agent: `agent-${n}`, cpus: each })));
          const ofState = (state: string): number[] =>
            [...story.state.resources.values()]
              .filter((resource) => resource.state === state)
              .map(({ request: of }) => of.requirements.priority);
          expect(Math.max(-1, ...ofState('NEW'))).toBeLessThanOrEqual(Math.min(4, ...ofState('LAUNCHED')));
        },
      ),
    );
  });

  it('the order in which offers arrive decides nothing, unless one agent has several', () => {
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const single = { ...given, offers: given.offers.slice(0, 6).map((spec, n) => ({ ...spec, agent: n + 1 })) };
        const places = ({ story }: { story: Scenario }): string[] =>
          story.launched.map(({ name, agent_id }) => `${name} on ${agent_id.value}`).sort();
        const shuffled = (offers: Offer[]): Offer[] => {
          const keys = new Map(offers.map((one) => [one, numbers.next().value ?? 0]));
          return [...offers].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        };
        expect(places(play(single, shuffled))).toEqual(places(play(single)));
      }),
    );
  });
});
