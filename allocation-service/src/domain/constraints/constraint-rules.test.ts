import type { Attribute } from '@streams-on-mesos/mesos';
import type { Constraint } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { attributeText, fieldValue, scalarText } from './constraint-fields.js';
import { constraintFault, isFulfilled, Spread } from './constraint-rules.js';

const spreadOf = (...values: (string | undefined)[]): Spread => {
  const spread = new Spread();
  for (const value of values) spread.add(value);
  return spread;
};

const holds = (
  operator: Constraint.Operator,
  value: string | undefined,
  offered: string | undefined,
  ...placed: (string | undefined)[]
): boolean => isFulfilled({ field: 'rack', operator, ...(value === undefined ? {} : { value }) }, offered, spreadOf(...placed));

describe("Marathon's operators", () => {
  it.each<[Constraint.Operator, string | undefined, string | undefined, string[], boolean]>([
    ['UNIQUE', undefined, 'a', [], true],
    ['UNIQUE', undefined, 'a', ['b'], true],
    ['UNIQUE', undefined, 'a', ['b', 'a'], false],
    ['CLUSTER', 'a', 'a', ['b'], true],
    ['CLUSTER', 'a', 'b', [], false],
    ['CLUSTER', undefined, 'b', [], true],
    ['CLUSTER', undefined, 'b', ['b', 'b'], true],
    ['CLUSTER', undefined, 'a', ['b'], false],
    ['GROUP_BY', undefined, 'a', [], true],
    ['GROUP_BY', undefined, 'a', ['a'], true],
    ['GROUP_BY', undefined, 'a', ['a', 'b'], true],
    ['GROUP_BY', undefined, 'a', ['a', 'a', 'b'], false],
    ['GROUP_BY', undefined, 'b', ['a', 'a', 'b'], true],
    ['GROUP_BY', '3', 'a', ['a', 'b'], false],
    ['GROUP_BY', '3', 'c', ['a', 'b'], true],
    ['GROUP_BY', '3', 'd', ['a', 'b', 'c'], true],
    ['GROUP_BY', '3', 'a', ['a', 'b', 'c'], true],
    ['LIKE', 'rack-[1-3]', 'rack-2', [], true],
    ['LIKE', 'rack-[1-3]', 'rack-21', [], false],
    ['LIKE', 'ack', 'rack', [], false],
    ['LIKE', '(', '(', [], false],
    ['LIKE', undefined, 'a', [], false],
    ['UNLIKE', 'rack-[7-9]', 'rack-7', [], false],
    ['UNLIKE', 'rack-[7-9]', 'rack-77', [], true],
    ['UNLIKE', undefined, 'a', [], false],
    ['MAX_PER', '2', 'a', ['a', 'b'], true],
    ['MAX_PER', '2', 'a', ['a', 'b', 'a'], false],
    ['IS', 'a', 'a', [], true],
    ['IS', 'a', 'b', [], false],
    ['IS', '0.80', '0.8', [], true],
    ['IS', '0.8001', '0.8', [], true],
    ['IS', '0.801', '0.8', [], false],
    ['UNKNOWN', undefined, 'a', [], false],
  ])('%s %s of %s besides %j: %s', (operator, value, offered, placed, expected) => {
    expect(holds(operator, value, offered, ...placed)).toBe(expected);
  });

  it('refuse an agent without the field, but for UNLIKE', () => {
    const accepting = (['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE', 'MAX_PER', 'IS'] as const).filter((operator) =>
      holds(operator, operator === 'MAX_PER' ? '2' : 'a', undefined),
    );
    expect(accepting).toEqual(['UNLIKE']);
  });

  it('take linear time, whatever the pattern', () => {
    expect(holds('LIKE', '(a+)+b', 'a'.repeat(5_000))).toBe(false);
  });
});

describe('the value of a field', () => {
  const agent = {
    id: 'S1',
    hostname: 'h1.example',
    attributes: [{ name: 'level', type: 'SCALAR', scalar: { value: 0.8 } }] as Attribute[],
    domain: { fault_domain: { region: { name: 'eu' }, zone: { name: 'eu-1' } } },
    unavailability: undefined,
  };

  it.each([
    ['hostname', 'h1.example'],
    ['@hostname', 'h1.example'],
    ['@region', 'eu'],
    ['@zone', 'eu-1'],
    ['level', '0.8'],
    ['other', undefined],
  ])('%s is %s', (field, value) => {
    expect(fieldValue(agent, field)).toBe(value);
  });

  it('of an agent without a domain is none', () => {
    expect(fieldValue({ ...agent, domain: undefined }, '@zone')).toBeUndefined();
  });

  it('of ranges and sets is text in their order', () => {
    const ranges = {
      range: [
        { begin: 200, end: 300 },
        { begin: 1, end: 2 },
      ],
    };
    expect(attributeText({ name: 'a', type: 'RANGES', ranges })).toBe('[1-2,200-300]');
    expect(attributeText({ name: 'a', type: 'SET', set: { item: ['b', 'a'] } })).toBe('{a,b}');
  });

  it.each([
    [8, '8'],
    [0.5, '0.5'],
    [1000, '1000'],
    [1.0005, '1'],
    [1.00051, '1.001'],
    [1.1005, '1.101'],
    [0.0625, '0.062'],
    [0.1875, '0.188'],
  ])('of the scalar %d is %s: thousandths, half-even', (value, text) => {
    expect(scalarText(value)).toBe(text);
  });
});

describe('a constraint that cannot be meant', () => {
  it.each<[Constraint, RegExp | undefined]>([
    [{ field: 'rack', operator: 'GROUP_BY', value: '3' }, undefined],
    [{ field: 'rack', operator: 'GROUP_BY' }, undefined],
    [{ field: 'rack', operator: 'GROUP_BY', value: 'three' }, /GROUP_BY is "three"/],
    [{ field: '', operator: 'UNIQUE' }, /field is empty/],
    [{ field: 'rack', operator: 'UNIQUE', value: 'x' }, /no value/],
    [{ field: 'rack', operator: 'MAX_PER' }, /MAX_PER is ""/],
    [{ field: 'rack', operator: 'LIKE', value: '(' }, /regular expression/],
    [{ field: 'rack', operator: 'LIKE', value: 'a(?=b)' }, /regular expression/],
    [{ field: 'rack', operator: 'IS' }, /missing/],
    [{ field: 'rack', operator: 'UNKNOWN' }, /UNIQUE, CLUSTER/],
  ])('%j is told why', (constraint, expected) => {
    if (expected === undefined) expect(constraintFault(constraint)).toBeUndefined();
    else expect(constraintFault(constraint)).toMatch(expected);
  });
});
