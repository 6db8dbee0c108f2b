import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deadlines } from './deadlines.js';

type Step = { readonly do: 'set' | 'delete'; readonly key: string; readonly at: number } | { readonly do: 'take'; readonly at: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('set' as const, 'delete' as const), key: fc.constantFrom('a', 'b', 'c', 'd'), at: fc.nat(20) }),
    fc.record({ do: fc.constant('take' as const), at: fc.nat(20) }),
  ),
);

describe('deadlines', () => {
  it('are what a map sorted at each question would be', () =>
    fc.assert(
      fc.property(steps, (history) => {
        const deadlines = new Deadlines();
        const model = new Map<string, number>();
        for (const step of history) {
          if (step.do === 'set') {
            deadlines.set(step.key, step.at);
            model.delete(step.key);
            model.set(step.key, step.at);
          } else if (step.do === 'delete') {
            deadlines.delete(step.key);
            model.delete(step.key);
          } else {
            const due = [...model].filter(([, at]) => at <= step.at).sort(([, left], [, right]) => left - right);
            expect([...deadlines.takeDue(step.at)]).toEqual(due.map(([key]) => key));
            for (const [key] of due) model.delete(key);
          }
          expect(deadlines.size).toBe(model.size);
          expect(deadlines.next).toBe(Math.min(Infinity, ...model.values()));
        }
      }),
    ));

  it('what is set while the due ones are taken is taken if it is due', () => {
    const deadlines = new Deadlines();
    deadlines.set('a', 1);
    const taken: string[] = [];
    for (const key of deadlines.takeDue(5)) {
      taken.push(key);
      if (taken.length < 3) deadlines.set(key, taken.length * 4);
    }
    expect(taken).toEqual(['a', 'a']);
    expect(deadlines.next).toBe(8);
  });
});
