import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../generated/protocol.js';
import { initialSubscription, type SubscriptionEffect, type SubscriptionEvent } from './subscription-state.js';
import { nextSubscriptionWakeup, stepSubscription } from './subscription.js';

// What the world may do. Streams are addressed relative to the latest one, so that old streams speak up as well.
type Happening = { readonly ms: number; readonly random: number } & (
  | { readonly what: 'leader'; readonly master: string | undefined }
  | {
      readonly what: 'stream';
      readonly back: number;
      readonly says: 'opened' | 'opened without id' | 'lost' | 'redirect' | number | Event;
    }
);

const failedOver: Event = { type: 'ERROR', error: { message: 'Framework failed over' } };
const removed: Event = { type: 'ERROR', error: { message: 'Framework has been removed' } };
const events: Event[] = [
  { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'fw' }, heartbeat_interval_seconds: 15 } },
  { type: 'HEARTBEAT' },
  { type: 'OFFERS', offers: {} },
  { type: 'ERROR', error: { message: 'try again' } },
  removed,
  failedOver,
  {},
];

const moment = { ms: fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 100_000 })), random: fc.double({ min: 0, max: 0.999, noNaN: true }) };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ ...moment, what: fc.constant('leader' as const), master: fc.constantFrom('a', 'b', undefined) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...moment,
      what: fc.constant('stream' as const),
      back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) }),
      says: fc.oneof(
        { weight: 4, arbitrary: fc.constant('opened' as const) },
        { weight: 1, arbitrary: fc.constantFrom('opened without id' as const, 'lost' as const, 'redirect' as const) },
        { weight: 1, arbitrary: fc.constantFrom(307, 400, 401, 403, 404, 415, 500, 503) },
        { weight: 4, arbitrary: fc.constant(events[0]!) },
        { weight: 4, arbitrary: fc.constantFrom(...events) },
      ),
    }),
  },
);

const eventOf = (one: Happening, connection: number): SubscriptionEvent => {
  if (one.what === 'leader') return { type: 'leader', leader: one.master === undefined ? undefined : { url: `http://${one.master}` } };
  switch (one.says) {
    case 'opened':
      return { type: 'opened', connection, streamId: `s${connection}` };
    case 'opened without id':
      return { type: 'opened', connection, streamId: undefined };
    case 'lost':
      return { type: 'lost', connection, reason: 'cut' };
    case 'redirect':
      return { type: 'refused', connection, status: 307, redirect: 'http://c', text: '' };
    default:
      return typeof one.says === 'number'
        ? { type: 'refused', connection, status: one.says, text: '' }
        : { type: 'event', connection, event: one.says };
  }
};

/** Watches what the machine does, and holds it to the rules. */
class Witness {
  open: number | undefined;
  subscribed = false;
  ended = false;
  attempts = 0;
  /** The framework that the last SUBSCRIBED was of; a removed one is none any more. */
  frameworkId: string | undefined;

  see(effect: SubscriptionEffect): void {
    if (effect.type === 'log') return;
    expect(this.ended, 'nothing after the end').toBe(false);
    switch (effect.type) {
      case 'subscribe':
        expect(this.open, 'one stream at a time').toBeUndefined();
        expect(effect.connection, 'streams are numbered upwards').toBe(++this.attempts);
        this.open = effect.connection;
        expect(effect.frameworkId, 'the framework comes back as itself').toBe(this.frameworkId);
        return;
      case 'close':
        expect(effect.connection, 'only the open stream is closed').toBe(this.open);
        this.open = undefined;
        return;
      case 'end':
        expect(this.open, 'no stream stays open').toBeUndefined();
        expect(this.subscribed, 'the end of the subscription was told').toBe(false);
        this.ended = true;
        return;
      case 'notify':
        if (effect.notice.kind === 'subscribed') this.frameworkId = effect.notice.frameworkId;
        if (effect.notice.kind === 'framework-removed') {
          expect(effect.notice.frameworkId, 'only a framework that is can be removed').toBe(this.frameworkId);
          this.frameworkId = undefined;
        }
        this.#notice(effect.connection, effect.notice.kind);
    }
  }

  #notice(connection: number, kind: string): void {
    if (kind === 'subscribed') expect([this.subscribed, connection], 'subscribed once, on the open stream').toEqual([false, this.open]);
    if (kind === 'event') expect([this.subscribed, connection], 'events only of the subscription').toEqual([true, this.open]);
    if (kind === 'disconnected') expect(this.subscribed, 'an end has a beginning').toBe(true);
    if (kind === 'subscribed') this.subscribed = true;
    if (kind === 'disconnected') this.subscribed = false;
  }
}

it.each(['stop', 'forget'] as const)('keeps its rules whatever the world does (removed: %s)', (onFrameworkRemoved) => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
      let state = initialSubscription(
        { backoff: { firstMs: 500, maxMs: 15_000 }, missedHeartbeats: 5, subscribeTimeoutMs: 30_000, onFrameworkRemoved },
        undefined,
      );
      let now = 0;
      const witness = new Witness();
      const feed = (event: SubscriptionEvent, random: number) => {
        const step = stepSubscription(state, event, { now, random });
        state = step.state;
        step.effects.forEach((effect) => witness.see(effect));
      };
      for (const one of history) {
        const until = now + one.ms;
        for (let due = nextSubscriptionWakeup(state); due !== undefined && due <= until; due = nextSubscriptionWakeup(state)) {
          now = Math.max(now, due);
          feed({ type: 'tick' }, one.random);
        }
        now = until;
        const connection = Math.max(1, state.lastConnection - (one.what === 'stream' ? one.back : 0));
        const isOnCurrent = one.what === 'stream' && connection === witness.open;
        const standsDown = witness.ended || (isOnCurrent && one.says === failedOver);
        const [attempts, before] = [witness.attempts, witness.frameworkId];
        feed(eventOf(one, connection), one.random);
        const removes = isOnCurrent && one.says === removed && before !== undefined;
        expect(witness.ended, 'it stops only when told so on its current stream').toBe(
          standsDown || (removes && onFrameworkRemoved === 'stop'),
        );
        if (one.what === 'stream' && !isOnCurrent) expect(witness.attempts, 'other streams move nothing').toBe(attempts);
        if (state.phase.kind === 'waiting') expect(state.phase.retryAt - now, 'it waits 15 s at most').toBeLessThanOrEqual(15_000);
        if (!witness.ended && state.leader !== undefined) expect(nextSubscriptionWakeup(state), 'never stuck').toBeDefined();
      }
      // With a leader that is there and nothing else, it is subscribed within the longest backoff and an unanswered attempt.
      const last = witness.attempts;
      feed({ type: 'leader', leader: { url: 'http://fresh' } }, 0.5);
      if (!witness.ended) expect(witness.attempts, 'a fresh leader is tried at once').toBe(last + 1);
      feed({ type: 'stop' }, 0);
      expect(witness.open).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
});
