import type { SchedulerCall } from '@streams-on-mesos/messages';
import { expect } from 'vitest';
import { ALLOCATION_TERM, FRAMEWORK_ID, OFFER_TERM } from '../../testing/driver-harness.js';
import { defaultDriverSettings } from '../driver-settings.js';
import type { DriverState } from '../driver-state.js';
import type { Concern, Effect } from '../effects.js';
import type { DriverEvent } from '../events.js';
import { newDriverState } from '../new-driver-state.js';
import { attemptSubscribe } from '../roles/need-directives.js';
import { step } from '../step.js';
import type { HeldUpdate } from '../updates/update-flow.js';

/** Small limits, so that histories reach them. */
export const settings = {
  ...defaultDriverSettings,
  roles: ['a', 'b'],
  pacedTasks: 3,
  updatesInFlight: 3,
  updatesHeld: 6,
  callsRemembered: 4,
  offersRemembered: 6,
  missedTasksRemembered: 3,
};

/**
 * The driver in a world of random histories, over several leaderships, each of which gets back what the one before had not
 * acknowledged. What must hold whatever happens is asserted at every step.
 */
export class DriverWorld {
  now = 1_000_000;
  state: DriverState = newDriverState(OFFER_TERM, settings);
  allocationTerm = ALLOCATION_TERM;
  revision = 0;
  revive = 0;
  numbered = 0;
  readonly calls: { id: string; call: SchedulerCall }[] = [];
  readonly offers: string[] = [];
  readonly inverseOffers: string[] = [];
  readonly inverseEnded = new Set<string>();
  /** Calls on their way to Mesos whose result is open, and those that may have had an effect there. */
  readonly open: { leadership: number; callId: string }[] = [];
  readonly mayHaveBeenSent = new Set<string>();
  readonly started = new Set<string>();
  readonly accepted = new Set<string>();
  readonly closed = new Set<string>();
  /** An UPDATE_FRAMEWORK on its way to Mesos. */
  needs: (Concern & { of: 'needs' }) | undefined;
  inFlight: HeldUpdate[] = [];
  readonly confirmed = new Set<string>();
  readonly received = new Set<string>();
  readonly acknowledged = new Set<string>();
  readonly lastPublished = new Map<string, HeldUpdate>();

  do(event: DriverEvent): void {
    const first = event.type === 'call' ? this.state.calls.taken.get(event.id)?.answer : undefined;
    const { effects } = step(this.state, event, this.now);
    effects.forEach((effect) => this.see(effect));
    if (event.type === 'call' && first !== undefined)
      expect(effects.flatMap((effect) => (effect.type === 'answer' && effect.answer.call_id === event.id ? [effect.answer] : []))).toEqual([
        first,
      ]);
    expect(this.state.updates.inFlight.size).toBeLessThanOrEqual(settings.updatesInFlight);
    expect(this.state.updates.held).toBeLessThanOrEqual(settings.updatesHeld);
    expect([...this.state.updates.lanes.values()].flat()).toHaveLength(this.state.updates.held);
    expect(this.state.calls.taken.size).toBeLessThanOrEqual(settings.callsRemembered);
    expect(this.state.missed.tasks.size).toBeLessThanOrEqual(settings.missedTasksRemembered);
  }

  private see(effect: Effect): void {
    if (effect.type === 'call-mesos') {
      const { call, concern } = effect;
      expect(this.state.subscription).toBeDefined();
      if (call.kind === 'accept')
        for (const id of call.offerIds) {
          expect(this.accepted.has(id) || this.closed.has(id), `offer ${id} accepted after its end`).toBe(false);
          this.accepted.add(id);
        }
      if (call.kind === 'decline') call.offerIds.forEach((id) => this.closed.add(id));
      if (call.kind === 'accept-inverse-offers' || call.kind === 'decline-inverse-offers')
        for (const id of call.inverseOfferIds) {
          expect(this.inverseEnded.has(id), `inverse offer ${id} answered after its end`).toBe(false);
          this.inverseEnded.add(id);
        }
      if (call.kind === 'acknowledge') {
        expect(this.confirmed).toContain(call.status.uuid);
        this.acknowledged.add(call.status.uuid ?? '');
      }
      if (call.kind === 'suppress' || call.kind === 'revive') {
        expect(call.roles).not.toEqual([]);
        expect(this.needs, 'UPDATE_FRAMEWORK is on its way, which says what is suppressed, too').toBeUndefined();
      }
      if (concern?.of === 'needs') this.needs = concern;
      if (concern?.of === 'call') {
        this.open.push({ leadership: this.state.term, callId: concern.callId });
        this.started.add(concern.callId);
        this.mayHaveBeenSent.add(concern.callId);
      }
    } else if (effect.type === 'answer') {
      const { call_id: id, result } = effect.answer;
      if (result === 'NOT_SENT') expect(this.mayHaveBeenSent.has(id), `call ${id} is NOT_SENT but may have been sent`).toBe(false);
      if (result === 'SENT') expect(this.started.has(id)).toBe(true);
    } else if (effect.type === 'publish-update') {
      const { update } = effect;
      const last = this.lastPublished.get(update.status.task_id.value);
      const { term, counter } = update.subscription;
      if (last !== undefined && last !== update && last.subscription.term === term)
        expect(counter > last.subscription.counter || update.sequence > last.sequence, 'order of one task').toBe(true);
      this.lastPublished.set(update.status.task_id.value, update);
      this.inFlight.push(update);
    }
  }

  call(body: Omit<SchedulerCall, 'allocation_term' | 'subscription'>, redelivered = false): void {
    this.numbered += 1;
    const id = `c${this.numbered}`;
    const subscription = { term: this.state.term, counter: Math.max(1, this.state.counter) };
    const call = { allocation_term: this.allocationTerm, subscription, ...body };
    this.calls.push({ id, call });
    this.do({ type: 'call', id, call, redelivered });
  }

  /** All that was offered is void. */
  endStream(): void {
    for (const id of this.offers) this.closed.add(id);
    for (const id of this.inverseOffers) this.inverseEnded.add(id);
  }

  subscribe(): void {
    this.needs = undefined;
    this.do({ type: 'subscribed', frameworkId: FRAMEWORK_ID, ...attemptSubscribe(this.state) });
  }

  inverseOffer(n: number): string {
    return this.inverseOffers[this.inverseOffers.length - 1 - n] ?? 'none';
  }

  /** From the newest, so that small numbers mostly hit what is outstanding. */
  offer(n: number): string {
    return this.offers[this.offers.length - 1 - n] ?? 'none';
  }
}
