import type { Attribute, AttributeConstraint, Offer } from '@streams-on-mesos/mesos';
import type { Allocate, Constraint, DesiredState } from '@streams-on-mesos/messages';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../agents/agent-facts.js';
import { Candidate } from '../matching/candidate.js';
import { refusalsOf } from '../matching/feasibility.js';
import { Random } from '../simulation/model/random.js';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { isSimplePattern } from './simple-pattern.js';

const asked = (...all: Partial<Allocate>[]): Scenario => {
  const story = Scenario.leading();
  all.forEach((each, index) => story.allocate({ request_id: String(index), ...each }));
  return story.wait(1);
};
const wish = (story: Scenario): DesiredState.Role => story.desired?.roles?.[0] ?? { role: '', wanted: false };
const sets = (story: Scenario): unknown[] =>
  (wish(story).min_allocatable?.quantities ?? []).map(({ quantities = {} }) =>
    Object.fromEntries(Object.entries(quantities).map(([name, { value }]) => [name, value])),
  );

/** allocator/mesos/hierarchical.cpp, allocatable. */
const isAllocatable = ({ min_allocatable }: DesiredState.Role, { resources = [] }: Offer): boolean =>
  (min_allocatable?.quantities ?? []).some(({ quantities = {} }) =>
    Object.entries(quantities).every(
      ([name, { value }]) =>
        resources.filter((entry) => entry.name === name).reduce((sum, entry) => sum + (entry.scalar?.value ?? 0), 0) >= value,
    ),
  );

/** allocator/mesos/offer_constraints_filter.cpp: an attribute that is no TEXT passes every comparison. */
const holds = ({ selector, predicate }: AttributeConstraint, { hostname, attributes = [] }: Offer): boolean => {
  const attribute = attributes.find(({ name }) => name === selector.attribute_name);
  const text = selector.pseudoattribute_type === 'HOSTNAME' ? hostname : attribute?.text?.value;
  if (attribute !== undefined && attribute.type !== 'TEXT') return true;
  const { text_equals, text_matches, text_not_matches } = predicate;
  if (text === undefined) return text_not_matches !== undefined;
  if (text_equals !== undefined) return text === text_equals.value;
  if (text_matches !== undefined) return RE2JS.matches(text_matches.regex, text);
  return !RE2JS.matches(text_not_matches?.regex ?? '', text);
};
const isIncluded = ({ constraints }: DesiredState.Role, one: Offer): boolean =>
  constraints === undefined ||
  (constraints.groups ?? []).some((group) => (group.attribute_constraints ?? []).every((each) => holds(each, one)));

const rack = (operator: Constraint.Operator, value?: string): Constraint => ({
  field: 'rack',
  operator,
  ...(value === undefined ? {} : { value }),
});

describe('the least quantities that Mesos is asked to offer', () => {
  it('are those of each size that waits, without what a smaller one implies', () => {
    const story = asked({ each: { cpus: 4, mem: 100 } }, { each: { cpus: 1, mem: 900, gpus: 1 } }, { each: { cpus: 8, mem: 100 } });
    expect(sets(story)).toEqual([
      { cpus: 1, mem: 900, gpus: 1 },
      { cpus: 4, mem: 100 },
    ]);
  });

  it('are the floor for who takes all of an offer', () => {
    expect(sets(asked({ each: { cpus: 0, mem: 0 } }))).toEqual([{ cpus: 0.5, mem: 256 }]);
  });

  it('are ten at most', () => {
    const sizes = Array.from({ length: 35 }, (_, index) => ({ each: { cpus: index + 1, mem: 10_000 - index } }));
    expect(sets(asked(...sizes)).length).toBeLessThanOrEqual(10);
  });

  it('stay when what was large has been placed: no call is spent on it', () => {
    const story = asked({ each: { cpus: 1, mem: 10 } }, { each: { cpus: 99, mem: 1 } });
    const before = sets(story);
    story.offers(offer('o1'));
    expect(sets(story)).toEqual(before);
  });
});

describe('the constraints that Mesos is asked to keep', () => {
  it('are alternatives of the requests, each with all that a master can check', () => {
    const story = asked(
      { constraints: [rack('IS', 'a'), rack('UNIQUE')] },
      { constraints: [{ field: 'hostname', operator: 'UNLIKE', value: 'old-.*' }] },
    );
    expect(wish(story).constraints).toEqual({
      groups: [
        { attribute_constraints: [{ selector: { attribute_name: 'rack' }, predicate: { text_equals: { value: 'a' } } }] },
        {
          attribute_constraints: [{ selector: { pseudoattribute_type: 'HOSTNAME' }, predicate: { text_not_matches: { regex: 'old-.*' } } }],
        },
      ],
    });
  });

  it.each([
    ['has none', {}],
    ['has only what depends on others', { constraints: [rack('GROUP_BY')] }],
    ['has only a pattern that a master may refuse', { constraints: [rack('LIKE', 'a{9}')] }],
  ])('are none when a request %s', (_what, request) => {
    expect(wish(asked({ constraints: [rack('IS', 'a')] }, request)).constraints).toBeUndefined();
  });

  it.each(['', 'a{9}', '\\p{Greek}', '[^a]', 'ä', '(?i)a', 'x'.repeat(61), '......'])('are no pattern such as %j', (pattern) => {
    expect(isSimplePattern(pattern)).toBe(false);
  });

  it.each(['rack-.*', 'a|b|c', '(host|node)[0-9]+\\.example', 'eu-west-1'])('are such a pattern as %j', (pattern) => {
    expect(isSimplePattern(pattern)).toBe(true);
  });
});

describe('what is asked of Mesos', () => {
  const texts = ['a', 'b', 'rack-1', '2', '2.0'];
  const randomConstraint = (random: Random): Constraint => {
    const operators = ['IS', 'CLUSTER', 'LIKE', 'UNLIKE', 'UNIQUE', 'GROUP_BY', 'MAX_PER'] as const;
    const operator = operators[random.below(operators.length)] ?? 'IS';
    const value =
      operator === 'UNIQUE' ? undefined : operator === 'GROUP_BY' || operator === 'MAX_PER' ? '2' : texts[random.below(texts.length)];
    return { field: random.chance(0.7) ? 'rack' : 'hostname', operator, ...(value === undefined ? {} : { value }) };
  };
  const randomOffer = (random: Random, id: string): Offer => {
    const text = texts[random.below(texts.length)] ?? 'a';
    const attributes: Attribute[] = [{ name: 'rack', type: 'TEXT', text: { value: text } }];
    if (random.chance(0.3)) attributes[0] = { name: 'rack', type: 'SCALAR', scalar: { value: 2 } };
    const cpus = random.below(9) / 2 + 0.001;
    return { ...offer(id, { agent: text, cpus, mem: random.below(5) * 256 + 1 }), ...(random.chance(0.8) ? { attributes } : {}) };
  };

  it('never keeps away an offer that something waiting fits', () => {
    let fitting = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = new Random(seed);
      const requests = Array.from({ length: 1 + random.below(14) }, () => ({
        each: { cpus: random.below(8) / 2, mem: random.below(5) * 256 },
        constraints: Array.from({ length: random.below(3) }, () => randomConstraint(random)),
      }));
      const story = asked(...requests);
      const { state, now } = story;
      for (let count = 0; count < 10; count += 1) {
        const one = randomOffer(random, `o${count}`);
        const candidate = new Candidate(factsOf(one), '*', one);
        const fits = [...state.waiting].some((request) =>
          [...request.waiting].some((resource) => refusalsOf(state, request, resource, now)(candidate).length === 0),
        );
        if (!fits) continue;
        fitting += 1;
        expect([isAllocatable(wish(story), one), isIncluded(wish(story), one)], `seed ${seed}, offer ${count}`).toEqual([true, true]);
      }
    }
    expect(fitting).toBeGreaterThan(500);
  });
});

describe('a role', () => {
  it('is suppressed while all that waits for it waits for a licence or a back-off, and wanted when that ends', () => {
    const story = Scenario.leading({ roles: ['a', 'b'] });
    story.allocate({ request_id: '1', role: 'a', licences: [{ name: 'x', count: 1 }] });
    story.allocate({ request_id: '2', role: 'b' });
    expect(story.desired?.roles?.map(({ wanted }) => wanted)).toEqual([false, true]);
    const made = offer('o1');
    story.offers({
      ...made,
      allocation_info: { role: 'b' },
      resources: (made.resources ?? []).map((entry) => ({ ...entry, allocation_info: { role: 'b' } })),
    });
    story.status('streams_resource_1_0', 'TASK_FAILED');
    expect(story.desired?.roles?.map(({ wanted }) => wanted)).toEqual([false, false]);
    const revives = story.desired?.revive_counter ?? 0;
    story.wait(1);
    expect([story.desired?.roles?.map(({ wanted }) => wanted), story.desired?.revive_counter]).toEqual([[false, true], revives + 1]);
  });
});
