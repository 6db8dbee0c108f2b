import type { Allocate, Constraint } from '@streams-on-mesos/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Request } from '../model.js';
import { offer, scalar, type OfferSpec } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { explain } from './explain.js';
import type { Explanation, Remedy } from './explanation.js';

const requestOf = (story: Scenario, requestId = 'request-1'): Request => {
  const found = [...story.state.requests.values()].find(({ allocate }) => allocate?.request_id === requestId);
  if (found === undefined) throw new Error(`no ${requestId}`);
  return found;
};
const explained = (story: Scenario, requestId?: string): Explanation => explain(story.state, requestOf(story, requestId), story.now);

/** An offer of an agent in a rack. */
const racked = (id: string, rack: string, spec: OfferSpec = {}) => ({
  ...offer(id, { agent: `agent-${rack}`, ...spec }),
  attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: rack } }],
});

describe('why a request waits', () => {
  it('is told of every offer: how many failed on what, and how close the best one was', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 4, mem: 1024 } });
    story.offers(offer('o1', { agent: 'a1', cpus: 3.5 }), offer('o2', { agent: 'a2', cpus: 2, mem: 100 }));
    const { offers, refusals, proposals, text } = explained(story);
    expect(offers).toMatchObject({ seen: 2, looked_at: 2, fitting: 0, last_seen_at_ms: story.now });
    expect(refusals).toMatchObject([
      { reason: 'cpus', offers: 2, closest: { needed: 4, offered: 3.5 } },
      { reason: 'mem', offers: 1, closest: { needed: 1024, offered: 100 } },
    ]);
    expect(proposals[0]).toMatchObject({
      agent_id: 'a1',
      remedies: [{ change: 'reduce', quantity: 'cpus', from: 4, to: 3.5 }],
      text: 'reduce cpus from 4 to 3.5: then one more fits on a1.example',
    });
    expect(text.join('\n')).toMatch(/1 resource waits[^]*none fits[^]*too few cpus: 4 are needed, at best 3.5 were left/);
  });

  it('is told of the last offers of all agents, however many there are and whatever was offered since', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 9, mem: 1024 } });
    story.offers(offer('o-near', { agent: 'near', cpus: 8.5 }));
    story.offers(...Array.from({ length: 3000 }, (_, n) => offer(`o${n}`, { agent: `a${n}`, cpus: 1 })));
    const { offers, refusals, proposals } = explained(story);
    expect([offers.looked_at, refusals[0]?.offers, proposals[0]?.agent_id]).toEqual([3001, 3001, 'near']);
  });

  it('is told of each constraint, with the one to drop', () => {
    const story = Scenario.leading();
    const constraints: Constraint[] = [
      { field: 'rack', operator: 'LIKE', value: '[ab]' },
      { field: 'rack', operator: 'UNIQUE' },
    ];
    story.allocate({ count: 3, constraints });
    story.offers(racked('o1', 'a'), racked('o2', 'b'));
    story.offers(racked('o3', 'a'), racked('o4', 'b'));
    const { refusals, proposals, others } = explained(story);
    expect(refusals).toMatchObject([{ reason: 'constraint', offers: 2, constraint: constraints[1] }]);
    expect(proposals).toMatchObject([{ remedies: [{ change: 'drop-constraint', number: 2, constraint: constraints[1] }] }]);
    expect(others).toMatchObject([{ id: 'resource_0', state: 'LAUNCHED' }, { id: 'resource_1' }]);
  });

  it('is told that nothing was offered, and since when', () => {
    const story = Scenario.leading();
    story.allocate();
    const asked = story.now;
    const { offers, refusals, proposals, text } = explained(story.wait(2));
    expect({ offers, refusals, proposals }).toEqual({
      offers: { seen: 0, looked_at: 0, fitting: 0, none_since_ms: asked, asked_at_ms: asked },
      refusals: [],
      proposals: [],
    });
    expect(text.join('\n')).toContain('Mesos has offered nothing for 2 s, last asked for 2 s ago');
    expect(explained(story.wait(98)).text.join('\n')).toMatch(/nothing for 100 s, last asked for \d\d? s ago/);
    // A leader knows of itself only what it was offered.
    expect(explained(story.restart().subscribe().wait(5)).text.join('\n')).toContain('nothing for 5 s');
  });

  it('is not told of an agent that has gone', () => {
    const story = Scenario.leading();
    story.allocate({ each: { cpus: 4, mem: 1024 } });
    story.offers(offer('o1', { agent: 'a1', cpus: 3.5 }), offer('o2', { agent: 'a2', cpus: 2 }));
    const { subscription } = story;
    story.send({ type: 'failure', subscription: { ...subscription, counter: 0 }, agentId: 'a2' });
    story.send({ type: 'failure', subscription, agentId: 'a2', executorId: 'streams_resource_9_0' });
    expect(explained(story).offers.seen).toBe(2);
    story.send({ type: 'failure', subscription, agentId: 'a1' });
    const { offers, proposals } = explained(story);
    expect([offers.seen, proposals.map(({ agent_id: agent }) => agent)]).toEqual([1, ['a2']]);
    expect([...story.state.leader.agents.keys()]).toEqual(['a2']);
  });

  it('is told of ports by number, and of neighbours, in words that fit', () => {
    const story = Scenario.leading();
    story.allocate({ request_id: 'neighbour' });
    story.offers(offer('o1'));
    story.allocate({ alone_on_agent: true, each: { cpus: 1, mem: 1, port_ranges: [{ begin: 80, end: 80 }] } });
    const text = explained(story.offers(offer('o2'))).text.join('\n');
    expect(text).toContain('the ports asked for by number are not among the 9 that were left');
    expect(text).toContain('on the agent is 1 task of this framework');
  });

  it('is told that Mesos is away', () => {
    const story = Scenario.leading();
    story.allocate();
    story.send({ type: 'unsubscribed', subscription: story.subscription });
    const { no_offers_because: because, text } = explained(story);
    expect([because, text.at(-1)]).toEqual(['not-connected', 'Mesos has offered nothing for 0 s.']);
  });

  it('is told of a role that is no longer one of ours', () => {
    const before = Scenario.leading({ roles: ['*', 'b'] });
    before.allocate({ role: 'b' });
    const story = new Scenario({ roles: ['*'] });
    for (const [key, record] of before.records) story.records.set(key, record);
    const { no_offers_because: because, text } = explained(story.restart().subscribe());
    expect(because).toBe('role-not-ours');
    expect(text.join('\n')).toMatch(/MESOS_ROLE/);
  });

  it('is told of licences that are all leased', () => {
    const story = Scenario.leading();
    story.state.scaling = { num_of_node: 0, licences: { matlab: 3 } };
    story.allocate({ count: 2, licences: [{ name: 'matlab', count: 2 }] });
    story.offers(offer('o1')).offers(offer('o2', { agent: 'a2' }));
    expect(explained(story).proposals).toMatchObject([{ remedies: [{ change: 'raise-licence', name: 'matlab', from: 3, to: 4 }] }]);
  });

  it('is told of tasks that died early: what backs off, and the agent that is avoided', () => {
    const story = Scenario.leading();
    story.allocate();
    const others = ['a2', 'a3'].map((agent) => offer(`offer of ${agent}`, { agent, cpus: 0.1 }));
    story
      .offers(offer('o1'), ...others)
      .status('streams_resource_0_0', 'TASK_FAILED')
      .offers(offer('o2'));
    const told = explained(story);
    expect(told).toMatchObject({ no_offers_because: 'backing-off', backoff_until_ms: story.now + 1000 });
    expect(told.refusals).toMatchObject([
      { reason: 'back-off', offers: 3 },
      { reason: 'cpus', offers: 2 },
      { reason: 'avoided', offers: 1 },
    ]);
    expect(told.proposals.map(({ remedies }) => remedies.map(({ change }) => change))).toEqual([
      ['wait', 'wait'],
      ['wait', 'reduce'],
      ['wait', 'return-agent'],
    ]);
  });

  it('says of what does not wait how far it is', () => {
    const story = Scenario.leading();
    story.allocate();
    story.offers(offer('o1'));
    expect(explained(story)).toMatchObject({ waiting: 0, refusals: [], others: [{ id: 'resource_0', state: 'LAUNCHED' }] });
    expect(explained(story).text).toContain('Nothing of client-1~request-1 waits for an offer.');
  });
});

/** Does what is proposed, as whoever asked and the operator would. */
const apply = (story: Scenario, request: Request, remedy: Remedy): void => {
  const changing = (change: () => void): void => {
    story.state.waiting.delete(request);
    change();
    story.state.waiting.add(request);
  };
  const requiring = (more: Partial<Request['requirements']>): void =>
    changing(() => void Object.assign(request, { requirements: { ...request.requirements, ...more } }));
  const requesting = (more: object): void =>
    changing(() => request.waiting.forEach((one) => (one.requested = { ...one.requested, ...more })));
  switch (remedy.change) {
    case 'reduce':
      return requesting({ [remedy.quantity]: remedy.to });
    case 'any-ports':
      return requesting({ ports: remedy.ports, port_ranges: undefined });
    case 'drop-constraint': {
      const isDropped = (one: Constraint): boolean => JSON.stringify(one) === JSON.stringify(remedy.constraint);
      return void requiring({ constraints: request.requirements.constraints.filter((one) => !isDropped(one)) });
    }
    case 'accept-revocable':
      return void requiring({ revocable: true });
    case 'share-agent':
      return void requiring({ aloneOnAgent: false });
    case 'use-role':
      return void requiring({ role: remedy.role });
    case 'raise-priority':
      return void requiring({ priority: remedy.to });
    case 'raise-licence':
      story.state.scaling = { num_of_node: 0, licences: { ...story.state.scaling?.licences, [remedy.name]: remedy.to } };
      return;
    case 'return-agent':
      return void story.send({ type: 'return-agent', messageId: 'return', agentId: remedy.agent_id });
    case 'wait':
      // Time passes for all of them together.
      return;
  }
};

interface Agent {
  readonly cpus: number;
  readonly mem: number;
  readonly gpus: number;
  readonly ports: number;
  readonly revocable: number;
  readonly rack: string;
  readonly role: string;
  readonly maintained: boolean;
}

const agents = fc.array(
  fc.record<Agent>({
    cpus: fc.constantFrom(0, 0.2, 1, 3.5, 8),
    mem: fc.constantFrom(0, 100, 1024, 8192),
    gpus: fc.constantFrom(0, 1),
    ports: fc.constantFrom(0, 2, 10),
    revocable: fc.constantFrom(0, 0, 6),
    rack: fc.constantFrom('a', 'b', 'c'),
    role: fc.constantFrom('*', '*', 'other'),
    maintained: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

const body = fc.record({
  count: fc.constantFrom(1, 3),
  each: fc.record({
    cpus: fc.constantFrom(0, 0.5, 2, 9),
    mem: fc.constantFrom(0, 128, 2048, 9000),
    gpus: fc.constantFrom(0, 0, 1, 2),
    ports: fc.constantFrom(0, 0, 3, 12),
    port_ranges: fc.constantFrom([], [], [{ begin: 5, end: 6 }], [{ begin: 100, end: 101 }]),
  }),
  alone_on_agent: fc.boolean(),
  constraints: fc.subarray<Constraint>([
    { field: 'rack', operator: 'UNIQUE' },
    { field: 'rack', operator: 'LIKE', value: 'a|b' },
    { field: '@hostname', operator: 'MAX_PER', value: '1' },
    { field: 'rack', operator: 'GROUP_BY', value: '2' },
    { field: 'nowhere', operator: 'IS', value: 'x' },
  ]),
  licences: fc.subarray([
    { name: 'one', count: 1 },
    { name: 'two', count: 2 },
  ]),
});

const offersOf = (specs: readonly Agent[], round: string, now: number) =>
  specs.map(({ cpus, mem, gpus, ports, revocable, rack, role, maintained }, index) => {
    const given = { allocation_info: { role } };
    const extra = [
      scalar('gpus', gpus, given),
      ...(revocable === 0 ? [] : [scalar('cpus', revocable, { ...given, revocable: {} })]),
      ...(ports === 0
        ? []
        : [{ name: 'ports', type: 'RANGES' as const, ranges: { range: [{ begin: 1, end: ports }] }, allocation_info: { role } }]),
    ];
    const plain = [scalar('cpus', cpus, given), scalar('mem', mem, given), ...extra];
    return {
      ...racked(`${round}-${index}`, rack, { agent: `agent-${index}`, resources: plain }),
      allocation_info: { role },
      ...(maintained && { unavailability: { start: { nanoseconds: now * 1e6 } } }),
    };
  });

describe('what explain proposes', () => {
  it('makes the matcher place one more resource on the same offers when it is done, and not without all of it', () => {
    const seen = new Map<Remedy['change'], number>();
    fc.assert(
      fc.property(agents, body, fc.boolean(), (specs, wanted, dies) => {
        const situation = (): Scenario => {
          const story = Scenario.leading({ roles: ['*', 'other'] });
          story.allocate({ request_id: 'neighbour', alone_on_agent: dies, each: { cpus: 0.1, mem: 50 } });
          story.offers(...offersOf(specs.slice(0, 1), 'first', story.now).map(({ unavailability: _, ...available }) => available));
          // What still waits of others would take what is proposed.
          story.cancel(['resource_0'].filter((id) => story.state.resources.get(id)?.state === 'NEW'));
          story.allocate(structuredClone(wanted) as unknown as Partial<Allocate>);
          story.offers(...offersOf(specs, 'second', story.now));
          const [died] = [...story.state.tasks.values()].filter(
            (task) => task.id.includes('streams') && task.id !== 'streams_resource_0_0',
          );
          if (dies && died !== undefined) story.status(died.id, 'TASK_FAILED');
          // Until nothing more is placed on agents that are offered whole.
          const request = requestOf(story);
          for (let before = Infinity; request.waiting.size < before;) {
            before = request.waiting.size;
            story.offers(...offersOf(specs, `third ${before}`, story.now));
          }
          return story;
        };
        for (const { remedies } of explained(situation()).proposals) {
          const attempt = (chosen: readonly Remedy[]): boolean => {
            const story = situation();
            const request = requestOf(story);
            const before = request.waiting.size;
            for (const remedy of chosen) apply(story, request, remedy);
            story.forget().offers(...offersOf(specs, 'fourth', story.now));
            const seconds = chosen.reduce((sum, remedy) => sum + (remedy.change === 'wait' ? remedy.seconds : 0), 0);
            // Meanwhile the same is offered again and again.
            for (let second = 1; second <= seconds; second += 1) story.wait(1).offers(...offersOf(specs, `after ${second}`, story.now));
            return request.waiting.size < before;
          };
          for (const { change } of remedies) seen.set(change, (seen.get(change) ?? 0) + 1);
          expect({ remedies, placed: attempt(remedies) }).toEqual({ remedies, placed: true });
          // Waiting is not left out: it is what the offers that come meanwhile are for.
          const others = remedies.filter(({ change }) => change !== 'wait').map((one) => remedies.filter((other) => other !== one));
          for (const fewer of others) expect({ fewer, placed: attempt(fewer) }).toEqual({ fewer, placed: false });
        }
      }),
      { numRuns: 300 },
    );
    // Returned agents are rare here: never more than half of them are avoided.
    const usual = ['reduce', 'any-ports', 'drop-constraint', 'accept-revocable', 'share-agent', 'use-role', 'raise-licence', 'wait'];
    expect([...seen.keys()]).toEqual(expect.arrayContaining(usual));
  });
});
