import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.js';

it('a fifo is an array with push and shift', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(2_500), fc.constant('take' as const)), { maxLength: 20 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const step of steps) {
        if (step === 'take') expect(fifo.takeAll()).toEqual(model.splice(0));
        else if (step % 2 === 0) for (let n = 0; n < step; n++, next++) fifo.push(model[model.push(next) - 1]!);
        else for (let n = 0; n < step; n++) expect(fifo.shift()).toBe(model.shift());
        expect(fifo.length).toBe(model.length);
      }
    }),
    { numRuns: 30 },
  ));

it('a fifo holds on to nothing that was taken', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const fifo = new Fifo<object>();
  const items = Array.from({ length: 500 }, () => {
    const item = { event: 'of many megabytes' };
    fifo.push(item);
    return new WeakRef(item);
  });
  while (fifo.length > 1) fifo.shift();
  await new Promise(setImmediate);
  collectGarbage();
  expect(items.filter((item) => item.deref() !== undefined)).toHaveLength(fifo.length);
});
