import type { Offer, Resource as MesosResource } from '@streams-on-mesos/mesos';
import type { Allocate, Constraint } from '@streams-on-mesos/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateBody, scalar } from '../testing/builders.js';
import { ReferenceMatcher } from '../testing/reference-matcher.js';
import { Scenario } from '../testing/scenario.js';

const AGENTS = 7;
const roles = ['a', 'b'] as const;

const constraint = fc.constantFrom<Constraint>(
  { field: '@hostname', operator: 'UNIQUE' },
  { field: '@hostname', operator: 'MAX_PER', value: '2' },
  { field: '@hostname', operator: 'IS', value: 'agent-2.example' },
  { field: 'rack', operator: 'LIKE', value: '[ab]' },
  { field: 'rack', operator: 'UNLIKE', value: 'b' },
  { field: 'rack', operator: 'GROUP_BY', value: '2' },
  { field: 'rack', operator: 'CLUSTER' },
);

// Few sizes, so that equal ones meet; with halves and thousandths, so that they do not always.
const request = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  priority: fc.constantFrom(0, 0, 1),
  role: fc.constantFrom(...roles),
  each: fc.record({
    cpus: fc.constantFrom(0, 0.5, 1, 1, 2, 2.001, 4),
    mem: fc.constantFrom(0, 100, 100, 200, 1000),
    disk: fc.constantFrom(0, 0, 50),
    gpus: fc.constantFrom(0, 0, 0, 1),
    ports: fc.constantFrom(0, 0, 2),
  }),
  alone_on_agent: fc.constantFrom(false, false, false, true),
  revocable: fc.boolean(),
  constraints: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Constraint[]>([]) },
    { weight: 1, arbitrary: fc.array(constraint, { maxLength: 2 }) },
  ),
});

const offerSpec = fc.record({
  agent: fc.integer({ min: 1, max: AGENTS }),
  role: fc.constantFrom(...roles),
  cpus: fc.constantFrom(0, 1, 2, 4, 8),
  mem: fc.constantFrom(100, 500, 1000, 8000),
  disk: fc.constantFrom(0, 100),
  gpus: fc.constantFrom(0, 0, 2),
  revocable: fc.constantFrom(0, 0, 1, 3),
  ports: fc.constantFrom(0, 3, 9),
});

const rounds = fc.array(
  fc.record({
    requests: fc.array(request, { maxLength: 5 }),
    offers: fc.array(offerSpec, { minLength: 1, maxLength: 8 }),
    maintained: fc.integer({ min: 1, max: 3 * AGENTS }),
  }),
  { minLength: 1, maxLength: 3 },
);
type Rounds = typeof rounds extends fc.Arbitrary<infer R> ? R : never;

const offersOf = ({ offers, maintained }: Rounds[number], round: number): Offer[] =>
  offers.map(({ agent, role, cpus, mem, disk, gpus, revocable, ports }, n) => {
    const allocation_info = { role };
    const firm = Object.entries({ cpus, mem, disk, gpus }).map(([name, value]) => scalar(name, value, { allocation_info }));
    const resources: MesosResource[] = firm.filter((entry) => entry.scalar?.value !== 0);
    if (revocable > 0) resources.push(scalar('cpus', revocable, { allocation_info, revocable: {} }));
    // No two offers of one agent have a port in common.
    const range = { begin: n * 100, end: n * 100 + ports - 1 };
    if (ports > 0) resources.push({ name: 'ports', type: 'RANGES', ranges: { range: [range] }, allocation_info });
    return {
      id: { value: `offer-${round}-${n}` },
      framework_id: { value: 'framework-1' },
      agent_id: { value: `agent-${agent}` },
      hostname: `agent-${agent}.example`,
      allocation_info,
      attributes: agent === AGENTS ? [] : [{ name: 'rack', type: 'TEXT', text: { value: 'abc'.charAt(agent % 3) } }],
      resources,
      ...(agent === maintained && { unavailability: { start: { nanoseconds: 0 } } }),
    };
  });

describe('matching', () => {
  it('places what the plainest matcher places, and where that does', () => {
    let placed = 0;
    fc.assert(
      fc.property(rounds, (given) => {
        const wholeOfferFloor = { cpus: 0.5, mem: 100 };
        const story = Scenario.leading({ roles, wholeOfferFloor });
        const reference = new ReferenceMatcher(wholeOfferFloor);
        for (const [round, each] of given.entries()) {
          for (const [n, more] of each.requests.entries()) {
            story.wait(0.001);
            const body: Allocate = allocateBody({ request_id: `request-${round}-${n}`, ...more });
            const reply = story.allocate(body);
            reference.ask(body, reply.resources?.resources?.map(({ id }) => id) ?? []);
          }
          const made = offersOf(each, round);
          story.forget().offers(...made);
          reference.offer(made);
          const places = new Map(
            [...story.state.resources.values()].flatMap(({ id, task }) => (task === undefined ? [] : [[id, task.agentId]])),
          );
          expect([...places].sort()).toEqual([...reference.agentOf].sort());
        }
        placed += reference.agentOf.size;
      }),
      { numRuns: 1_000 },
    );
    expect(placed).toBeGreaterThan(1_000);
  });
});
