import type { InverseOffer, Offer, TaskState, TaskStatus } from '@streams-on-mesos/mesos';
import type { CallAnswer, SchedulerCall, Subscription } from '@streams-on-mesos/messages';
import { defaultDriverSettings, type DriverSettings } from '../domain/driver-settings.js';
import type { DriverState } from '../domain/driver-state.js';
import { newDriverState } from '../domain/new-driver-state.js';
import type { Announcement, Effect, MesosCall } from '../domain/effects.js';
import type { DriverEvent } from '../domain/events.js';
import { step } from '../domain/step.js';
import type { HeldUpdate } from '../domain/updates/update-flow.js';

export const OFFER_TERM = 3;
export const ALLOCATION_TERM = 7;
export const FRAMEWORK_ID = 'framework-1';

export const offerOf = (id: string, { agent = 'agent-1', role = '*' }: { agent?: string; role?: string } = {}): Offer => ({
  id: { value: id },
  framework_id: { value: FRAMEWORK_ID },
  agent_id: { value: agent },
  hostname: `${agent}.example`,
  resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 4 } }],
  allocation_info: { role },
});

/** Of an hour's maintenance. */
export const inverseOfferOf = (id: string, { agent = 'agent-1', startMs = 1_800_000_000_000 } = {}): InverseOffer => ({
  id: { value: id },
  framework_id: { value: FRAMEWORK_ID },
  agent_id: { value: agent },
  unavailability: { start: { nanoseconds: startMs * 1e6 }, duration: { nanoseconds: 3_600 * 1e9 } },
});

export const statusOf = (taskId: string, state: TaskState, uuid?: string): TaskStatus => ({
  task_id: { value: taskId },
  agent_id: { value: 'agent-1' },
  state,
  ...(uuid !== undefined && { uuid }),
});

/** Plays Mesos, the broker, ZooKeeper and allocation-service to the pure driver, at a time of its own. */
export class DriverHarness {
  now = 1_000_000;
  readonly state: DriverState;
  /** All effects since the last `drain`. */
  effects: Effect[] = [];

  constructor(settings: Partial<DriverSettings> = {}) {
    this.state = newDriverState(OFFER_TERM, { ...defaultDriverSettings, ...settings });
  }

  do(event: DriverEvent): this {
    this.effects.push(...step(this.state, event, this.now).effects);
    return this;
  }

  /** Lets time pass, with a tick each 200 ms as the service has. */
  pass(ms: number): this {
    const until = this.now + ms;
    while (this.now < until) {
      this.now = Math.min(until, this.now + 200);
      this.do({ type: 'tick' });
    }
    return this;
  }

  subscribe(suppressedRoles: readonly string[] = this.state.settings.roles): this {
    return this.do({ type: 'subscribed', frameworkId: FRAMEWORK_ID, suppressedRoles });
  }

  desire(wanted: boolean, { term = ALLOCATION_TERM, revision = 1, revive = 0 } = {}): this {
    const roles = this.state.settings.roles.map((role) => ({ role, wanted }));
    return this.do({ type: 'desired-state', desiredState: { allocation_term: term, revision, roles, revive_counter: revive } });
  }

  /** Broker up, subscribed, allocation-service's leader has said hello and wants offers; nothing of that is left in `effects`. */
  flowing(): this {
    this.do({ type: 'broker', up: true }).do({ type: 'allocation-term', term: ALLOCATION_TERM });
    this.do({ type: 'hello', allocationTerm: ALLOCATION_TERM }).desire(true).subscribe([]);
    this.drain();
    return this;
  }

  offers(...offers: readonly Offer[]): this {
    return this.do({ type: 'offers', offers });
  }

  get subscription(): Subscription {
    return { term: OFFER_TERM, counter: this.state.counter };
  }

  callOf(body: Omit<SchedulerCall, 'allocation_term' | 'subscription'>): SchedulerCall {
    return { allocation_term: ALLOCATION_TERM, subscription: this.subscription, ...body };
  }

  call(id: string, call: SchedulerCall, { redelivered = false, deadlineMs }: { redelivered?: boolean; deadlineMs?: number } = {}): this {
    return this.do({ type: 'call', id, call, redelivered, deadlineMs });
  }

  accept(id: string, ...offerIds: readonly string[]): this {
    return this.call(id, this.callOf({ accept: { offer_ids: [...offerIds], operations: [{ type: 'LAUNCH' }] } }));
  }

  result(callId: string, result: 'sent' | 'not-sent' | 'unknown', reason?: string): this {
    return this.do({ type: 'call-result', concern: { of: 'call', callId }, result, reason });
  }

  update(taskId: string, state: TaskState, uuid?: string): this {
    return this.do({ type: 'update', status: statusOf(taskId, state, uuid) });
  }

  drain(): Effect[] {
    return this.effects.splice(0);
  }

  mesosCalls<Kind extends MesosCall['kind']>(kind: Kind): Extract<MesosCall, { kind: Kind }>[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'call-mesos' && effect.call.kind === kind ? [effect.call as Extract<MesosCall, { kind: Kind }>] : [],
    );
  }

  announcements<Kind extends keyof Announcement>(kind: Kind): NonNullable<Announcement[Kind]>[] {
    return this.effects.flatMap((effect) => {
      const body = effect.type === 'announce' ? effect.announcement[kind] : undefined;
      return body === undefined ? [] : [body];
    });
  }

  get answers(): CallAnswer[] {
    return this.effects.flatMap((effect) => (effect.type === 'answer' ? [effect.answer] : []));
  }

  get published(): HeldUpdate[] {
    return this.effects.flatMap((effect) => (effect.type === 'publish-update' ? [effect.update] : []));
  }
}
