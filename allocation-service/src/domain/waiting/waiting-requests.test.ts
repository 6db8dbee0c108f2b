import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scenario } from '../testing/scenario.js';
import { compareRequests } from './queue.js';
import { inTurn } from './turns.js';

describe('requests that wait', () => {
  it('are in the order in which they are served, whichever came and went, and came back', () => {
    const story = Scenario.leading();
    for (let n = 0; n < 12; n += 1) story.allocate({ request_id: `request-${n}`, priority: n % 3, each: { cpus: 1 + (n % 2), mem: 100 } });
    const requests = [...story.state.requests.values()];
    const change = fc.record({ n: fc.nat({ max: requests.length - 1 }), kind: fc.constantFrom('add', 'delete', 'look') });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const { waiting } = story.state;
        for (const { n, kind } of changes) {
          const request = requests[n];
          if (request !== undefined && kind === 'add') waiting.add(request);
          if (request !== undefined && kind === 'delete') waiting.delete(request);
          if (kind === 'look')
            expect([...inTurn(Array.from(waiting.kinds, (one) => one[Symbol.iterator]()))]).toEqual(
              requests.filter(({ isWaiting }) => isWaiting).sort(compareRequests),
            );
        }
      }),
    );
  });
});
