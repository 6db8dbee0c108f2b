import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { error, machine, master, settings, subscribedEvent } from '../testing/subscription-machine.js';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('stays between half and all of the doubled wait, below the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
        const full = Math.min(15_000, 500 * 2 ** (failures - 1));
        const wait = backoffMs(settings.backoff, failures, random);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(wait).toBeLessThanOrEqual(full);
      }),
    );
  });
});

describe('a subscription', () => {
  const subscribe = (m: ReturnType<typeof machine>, connection: number) =>
    m.feed({ type: 'opened', connection, streamId: 's' }).on(connection, subscribedEvent());
  const cut = (m: ReturnType<typeof machine>, connection: number) => {
    const wait = m.feed({ type: 'lost', connection, reason: 'cut' }).dueIn()!;
    m.wait(wait);
    return wait;
  };
  const doubling = [375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250];

  it('backs off to 15 s, jittered, while it cannot be had', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    expect(doubling.map((_, index) => cut(m, index + 1))).toEqual(doubling);
  });

  it('that was had is tried again soon, however long the master was away before', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    doubling.forEach((_, index) => cut(m, index + 1));
    expect(cut(subscribe(m, 9), 9)).toBe(375);
  });

  it('backs off likewise when each is cut at once, until one outlasts the wait', () => {
    const m = machine().feed({ type: 'leader', leader: master('a') });
    expect(doubling.map((_, index) => cut(subscribe(m, index + 1), index + 1))).toEqual(doubling);
    subscribe(m, 9).wait(14_999);
    expect(cut(m, 9)).toBe(11_250);
    subscribe(m, 10).wait(15_000);
    expect(cut(m, 10)).toBe(375);
  });

  it('of a new framework follows soon when the one before was removed (POST /teardown), however often that happens', () => {
    const m = machine({ onFrameworkRemoved: 'forget' }).feed({ type: 'leader', leader: master('a') });
    doubling.forEach((_, index) => cut(m, index + 1));
    for (let connection = 9; connection < 30; connection += 2) {
      subscribe(m, connection);
      expect(cut(m, connection)).toBe(375);
      m.feed({ type: 'opened', connection: connection + 1, streamId: 's' }).on(connection + 1, error('Framework has been removed'));
      // soon, but not at once: nobody knows why the master does that
      expect(m.dueIn()).toBe(375);
      m.did();
      expect(m.wait(375).did()).toEqual([`subscribe ${connection + 2} http://a:5050 -`]);
    }
  });
});
