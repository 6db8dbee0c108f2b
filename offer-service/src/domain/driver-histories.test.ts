import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALLOCATION_TERM } from '../testing/driver-harness.js';
import { noNeeds } from './roles/offer-needs.js';
import { action, atLeast, play } from './testing/driver-actions.js';
import { DriverWorld, settings } from './testing/driver-world.js';

describe('the framework driver, whatever happens', () => {
  it('uses no offer twice, tells no lie about a call, acknowledges nothing unconfirmed, hoards nothing', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
        const world = new DriverWorld();
        world.do({ type: 'broker', up: true });
        world.do({ type: 'hello', allocationTerm: ALLOCATION_TERM });
        play(world, { do: 'desire', a: true, b: true, revive: false, cpus: 1 });
        world.subscribe();
        for (const each of actions) play(world, each);
        world.now += settings.offerHoldMs;
        world.do({ type: 'tick' });
        expect(world.state.offers.outstanding.size).toBe(0);
        expect(world.state.inverseOffers.size).toBe(0);
        for (const id of world.inverseOffers) expect(world.inverseEnded.has(id), `inverse offer ${id} is held`).toBe(true);
        // each offer of the current subscription is used, declined or gone
        for (const id of world.offers) expect(world.accepted.has(id) || world.closed.has(id), `offer ${id} is held`).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('brings Mesos to what is wanted once events stop', () => {
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 60, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        fc.nat({ max: 2 }),
        (actions, a, b, cpus) => {
          const world = new DriverWorld();
          world.do({ type: 'broker', up: true });
          world.do({ type: 'hello', allocationTerm: ALLOCATION_TERM });
          world.subscribe();
          for (const each of actions) play(world, each);
          world.do({ type: 'broker', up: true });
          play(world, { do: 'hello', next: false });
          play(world, { do: 'desire', a, b, revive: false, cpus });
          for (let n = 0; n < 20; n += 1) {
            play(world, { do: 'pass', ms: 11_000 });
            play(world, { do: 'needs-result', result: 'sent' });
          }
          expect(world.state.needs.told).toEqual(
            cpus === 0 ? noNeeds : { filters: { a: { min_allocatable_resources: atLeast(cpus) } }, constraints: {} },
          );
          expect(Object.fromEntries(world.state.roles.told)).toEqual({ a: a ? 'wanted' : 'suppressed', b: b ? 'wanted' : 'suppressed' });
          expect(world.state.paced.queue).toEqual([]);
          // and every update that was taken is published, and acknowledged
          for (let n = 0; world.inFlight.length > 0 && n < 100; n += 1) play(world, { do: 'confirm', update: 0, fate: 'published' });
          expect(world.state.updates.held).toBe(0);
          expect([...world.received].filter((uuid) => !world.acknowledged.has(uuid))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
