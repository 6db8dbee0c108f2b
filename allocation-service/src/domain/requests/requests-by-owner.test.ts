import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocateBody } from '../testing/builders.js';
import { defaultSettings } from '../settings.js';
import { newResource } from '../resources.js';
import { newClientRequest } from './requests.js';
import { RequestsByOwner } from './requests-by-owner.js';

const OWNERS = ['a', 'b', 'c'];
const step = fc.record({ what: fc.constantFrom('set', 'set', 'delete', 'clear'), key: fc.nat(6), owner: fc.constantFrom(...OWNERS) });

it('finds of each owner what a look at all requests finds, whatever was added, replaced and forgotten', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const requests = new RequestsByOwner();
      let number = 0;
      for (const { what, key, owner } of steps) {
        if (what === 'delete') requests.delete(`${key}`);
        else if (what === 'clear' && key === 0) requests.clear();
        else {
          const request = newClientRequest(defaultSettings, `${key}`, allocateBody({ client_id: owner }), 0, 'trace');
          for (let count = 0; count < key % 3; count += 1) request.resources.add(newResource(number++, request, { cpus: 1, mem: 1 }, 0));
          requests.set(`${key}`, request);
        }
        for (const each of OWNERS) {
          const full = [...requests.values()].filter((request) => request.owner === each);
          expect(new Set(requests.of(each))).toEqual(new Set(full));
          const numbers = full.flatMap(({ resources }) => [...resources].map((resource) => resource.number));
          expect(requests.resourcesOf(each).map((resource) => resource.number)).toEqual(numbers.sort((a, b) => a - b));
        }
      }
    }),
  );
});
