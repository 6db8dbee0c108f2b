import { describe, expect, it } from 'vitest';
import type { Constraint } from './app-definition.js';
import { constraintProblem, constraintsAllow } from './constraint.js';
import { offer } from './testing/simulation.js';

const here = { ...offer(1), attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: 'b7' } }] };
const allow = (constraint: Constraint, hosts: string[] = []): boolean => constraintsAllow([constraint], here, hosts);

describe('constraints', () => {
  it('on the hostname count the tasks of the app', () => {
    expect(allow(['hostname', 'UNIQUE'], ['127.0.0.12'])).toBe(true);
    expect(allow(['hostname', 'UNIQUE'], ['127.0.0.11'])).toBe(false);
    expect(allow(['hostname', 'MAX_PER', '2'], ['127.0.0.11'])).toBe(true);
    expect(allow(['hostname', 'MAX_PER', '2'], ['127.0.0.11', '127.0.0.11'])).toBe(false);
    expect(allow(['hostname', 'CLUSTER'], ['127.0.0.12'])).toBe(false);
    expect(allow(['hostname', 'CLUSTER'])).toBe(true);
  });

  it('compare host and attributes', () => {
    expect(allow(['hostname', 'IS', '127.0.0.11'])).toBe(true);
    expect(allow(['rack', 'LIKE', 'b[0-9]'])).toBe(true);
    expect(allow(['rack', 'LIKE', 'b'])).toBe(false);
    expect(allow(['rack', 'UNLIKE', 'b.*'])).toBe(false);
    expect(allow(['zone', 'LIKE', '.*'])).toBe(false);
    expect(allow(['zone', 'UNLIKE', '.*'])).toBe(true);
    expect(allow(['rack', 'CLUSTER', 'b7'])).toBe(true);
  });

  it.each<Constraint>([
    ['hostname', 'GROUP_BY'],
    ['rack', 'UNIQUE'],
    ['hostname', 'LIKE'],
    ['hostname', 'LIKE', '('],
    ['hostname', 'MAX_PER', '0'],
    ['rack', 'CLUSTER'],
  ])('that are not supported or make no sense are refused: %s %s %s', (field = '', operator = '', value?: string) => {
    expect(constraintProblem([field, operator, value])).toBeTypeOf('string');
  });
});
