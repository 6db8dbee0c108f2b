import type { Subscription, SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect } from '../effects.js';
import type { DomainEvent, UpdateEvent } from '../events.js';
import type { State, Step } from '../model.js';
import { compareSubscriptions } from '../positions.js';
import type { ResourceRecord } from '../records.js';
import type { ModelLeader } from './model-allocation.js';
import type { ModelMesos } from './model-mesos.js';
import type { ModelOfferService } from './model-offer-service.js';

/** What one leader was told about a task, in the order in which it counts. */
interface Heard {
  subscription: Subscription;
  sequence: number;
  runningSince: number | undefined;
}

const allowed: Record<ResourceRecord['requestState'], readonly ResourceRecord['requestState'][]> = {
  REQUEST_NEW: ['REQUEST_PENDING', 'REQUEST_ALLOCATED', 'REQUEST_RELEASED', 'REQUEST_CANCELLED'],
  REQUEST_PENDING: ['REQUEST_ALLOCATED', 'REQUEST_RELEASED', 'REQUEST_CANCELLED'],
  REQUEST_ALLOCATED: ['REQUEST_RELEASED'],
  REQUEST_RELEASED: [],
  REQUEST_CANCELLED: [],
};

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Watches from outside what must hold after every step, whatever happened. */
export class Observer {
  readonly #usedOffers = new Set<string>();
  readonly #heard = new WeakMap<ModelLeader, Map<string, Heard>>();
  readonly #subscription = new WeakMap<ModelLeader, Subscription | undefined>();
  readonly #requestStates = new WeakMap<ModelLeader, Map<string, ResourceRecord['requestState']>>();
  /** For each leader, its implicit reconciliations so far and which of them named which stranger. */
  readonly #implicit = new WeakMap<ModelLeader, { rounds: number; named: Map<string, Set<number>> }>();
  /** Tasks that nobody launched here. */
  readonly strangers = new Set<string>();
  /** Decisions seen, by what they were. */
  readonly counts = new Map<string, number>();

  constructor(
    readonly mesos: ModelMesos,
    readonly offerService: ModelOfferService,
    readonly now: () => number,
    readonly waitAllocatedMs: number,
  ) {}

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  onStep(leader: ModelLeader, event: DomainEvent, { state, changes, effects }: Step): void {
    this.#count(event.type === 'request' ? `request ${event.body.kind}` : event.type);
    if (event.type === 'subscribed') this.#onSubscribed(leader, event.subscription);
    if (
      event.type === 'unsubscribed' &&
      compareSubscriptions(event.subscription, this.#subscription.get(leader) ?? event.subscription) === 0
    ) {
      this.#subscription.set(leader, undefined);
    }
    if (event.type === 'update') this.#onUpdate(leader, event);
    if (event.type === 'update' && this.strangers.has(event.status.task_id.value)) this.#onStranger(leader, event);
    for (const { table, key, value } of changes) {
      if (table === 'resource' && value !== null) this.#onResource(leader, key, value as unknown as ResourceRecord, changes);
    }
    for (const effect of effects) this.#onDecided(leader, state, effect);
    checkOneTaskEach(state);
  }

  #onSubscribed(leader: ModelLeader, subscription: Subscription): void {
    const before = this.#subscription.get(leader);
    if (before === undefined || compareSubscriptions(subscription, before) > 0) this.#subscription.set(leader, subscription);
  }

  #onUpdate(leader: ModelLeader, { subscription, sequence, status }: UpdateEvent): void {
    const tasks = this.#heard.get(leader) ?? new Map<string, Heard>();
    this.#heard.set(leader, tasks);
    const before = tasks.get(status.task_id.value);
    if (before !== undefined && (compareSubscriptions(subscription, before.subscription) || sequence - before.sequence) <= 0) return;
    const runningSince = status.state === 'TASK_RUNNING' ? (before?.runningSince ?? this.now()) : undefined;
    tasks.set(status.task_id.value, { subscription, sequence, runningSince });
  }

  #implicitOf(leader: ModelLeader): { rounds: number; named: Map<string, Set<number>> } {
    const known = this.#implicit.get(leader) ?? { rounds: 0, named: new Map<string, Set<number>>() };
    this.#implicit.set(leader, known);
    return known;
  }

  #onStranger(leader: ModelLeader, { status }: UpdateEvent): void {
    if (status.reason !== 'REASON_RECONCILIATION') return;
    const { rounds, named } = this.#implicitOf(leader);
    const id = status.task_id.value;
    named.set(id, (named.get(id) ?? new Set<number>()).add(rounds));
  }

  #onResource(leader: ModelLeader, id: string, record: ResourceRecord, changes: Step['changes']): void {
    const states = this.#requestStates.get(leader) ?? new Map<string, ResourceRecord['requestState']>();
    this.#requestStates.set(leader, states);
    const durable = leader.journal.records.get(`resource ${id}`)?.value as ResourceRecord | undefined;
    const from = states.get(id) ?? durable?.requestState ?? 'REQUEST_NEW';
    const to = record.requestState;
    states.set(id, to);
    if (from === to) return;
    this.#count(`${from} to ${to}`);
    if (!allowed[from].includes(to)) throw new InvariantError(`${id} went from ${from} to ${to}`);
    if (to === 'REQUEST_ALLOCATED') this.#checkDelay(leader, id, record);
    const revoked = changes.some(({ table, value }) => {
      const event = table === 'event' ? (value as { kind?: string; resources?: { id: string }[] } | null) : null;
      return event?.kind === 'REVOKED' && event.resources?.[0]?.id === id;
    });
    const asked = record.state === 'STOPPING';
    const isLoss = from === 'REQUEST_ALLOCATED' && !asked && record.request !== 'scaling';
    if (revoked !== isLoss)
      throw new InvariantError(`${id} was ALLOCATED and is ${record.state}, ${revoked ? '' : 'not '}reported revoked`);
  }

  #checkDelay(leader: ModelLeader, id: string, record: ResourceRecord): void {
    const heard = this.#heard.get(leader)?.get(record.placement?.taskId ?? '');
    const subscription = this.#subscription.get(leader);
    if (subscription === undefined) throw new InvariantError(`${id} is ALLOCATED without a subscription`);
    if (heard?.runningSince === undefined) throw new InvariantError(`${id} is ALLOCATED though its task does not run`);
    if (this.now() - heard.runningSince < this.waitAllocatedMs) {
      throw new InvariantError(`${id} is ALLOCATED after ${this.now() - heard.runningSince} ms`);
    }
    if (compareSubscriptions(heard.subscription, subscription) !== 0)
      throw new InvariantError(`${id} is ALLOCATED by a status of a former subscription`);
  }

  /** What a leader decided to do, judged by what it knew. */
  #onDecided(leader: ModelLeader, state: State, effect: Effect): void {
    if (effect.type !== 'call') return;
    if (effect.call.reconcile !== undefined && (effect.call.reconcile.tasks ?? []).length === 0) this.#implicitOf(leader).rounds += 1;
    for (const kind of ['accept', 'decline', 'kill', 'reconcile'] as const)
      if (effect.call[kind] !== undefined) this.#count(`decided ${kind}`);
    const { kill } = effect.call;
    if (kill === undefined) return;
    if (this.strangers.has(kill.task_id) && (this.#implicitOf(leader).named.get(kill.task_id)?.size ?? 0) < 2) {
      throw new InvariantError(`kills ${kill.task_id}, an unknown task that was not named twice`);
    }
    const task = state.tasks.get(kill.task_id);
    const resource = task === undefined ? undefined : state.resources.get(task.resourceId);
    if (task === undefined && this.mesos.tasks.get(kill.task_id)?.alive === true && !this.strangers.has(kill.task_id))
      throw new InvariantError(`kills ${kill.task_id}, which it forgot`);
    if (resource !== undefined && resource.task === task && resource.state !== 'STOPPING')
      throw new InvariantError(`kills ${kill.task_id}, which is wanted`);
  }

  /** A call leaves, whoever sends it. */
  onSent(call: SchedulerCall): void {
    const { accept } = call;
    if (accept === undefined) return;
    for (const id of accept.offer_ids ?? []) {
      if (this.#usedOffers.has(id)) throw new InvariantError(`${id} is in two accepts`);
      this.#usedOffers.add(id);
      if (this.offerService.handedTo.get(id) !== call.allocation_term) throw new InvariantError(`${id} was handed to another term`);
      this.#checkSum(id, accept);
    }
  }

  #checkSum(id: string, accept: SchedulerCall.Accept): void {
    const offer = this.mesos.allOffers.get(id);
    const sum = { cpus: 0, mem: 0 };
    for (const operation of accept.operations ?? []) {
      for (const task of operation.launch?.task_infos ?? []) {
        for (const { name, scalar } of task.resources ?? [])
          if (name === 'cpus' || name === 'mem') sum[name] += Math.round((scalar?.value ?? 0) * 1000);
      }
    }
    if (offer === undefined || sum.cpus > offer.cpus || sum.mem > offer.mem)
      throw new InvariantError(`launches more than ${id} has: ${JSON.stringify(sum)}`);
  }

  /** What may run must be known: else its resource could get a second task, or nobody would ever end it. */
  checkKnown(known: (taskId: string) => boolean): void {
    for (const task of this.mesos.tasks.values()) {
      if (task.alive && !this.strangers.has(task.id) && !known(task.id)) throw new InvariantError(`${task.id} may run and nobody knows it`);
    }
  }
}

/** At most one task of each resource counts. */
const checkOneTaskEach = (state: State): void => {
  const counting = new Set<string>();
  for (const task of state.tasks.values()) {
    if (task.supersededAt !== undefined) continue;
    if (counting.has(task.resourceId)) throw new InvariantError(`${task.resourceId} has two tasks that count`);
    counting.add(task.resourceId);
    const resource = state.resources.get(task.resourceId);
    if (resource?.task !== task) throw new InvariantError(`${task.id} counts, but not for its resource`);
  }
};
