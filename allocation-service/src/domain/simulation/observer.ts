import type { SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect } from '../effects.js';
import type { DomainEvent } from '../events.js';
import type { State, Step } from '../model.js';
import { effectName, eventName, type Coverage } from './coverage.js';
import { AcceptsWatch } from './invariants/accepts.js';
import { DelayWatch } from './invariants/delay.js';
import { EarlyDeathsWatch } from './invariants/early-deaths.js';
import { HoardingWatch } from './invariants/hoarding.js';
import { InvariantError } from './invariants/invariant-error.js';
import { MaintenanceWatch } from './invariants/maintenance.js';
import { KillsWatch } from './invariants/kills.js';
import { checkNodes } from './invariants/nodes.js';
import { PlacementWatch } from './invariants/placement.js';
import { checkStopHooks } from './invariants/stop-hooks.js';
import { StandingsWatch } from './invariants/standings.js';
import type { ModelLeader } from './model/allocation.js';
import type { ModelMesos } from './model/mesos.js';
import type { ModelOfferService } from './model/offer-service.js';

/** What is watched of one leader. */
interface Watches {
  readonly delay: DelayWatch;
  readonly kills: KillsWatch;
  readonly standings: StandingsWatch;
  readonly hoarding: HoardingWatch;
  readonly deaths: EarlyDeathsWatch;
  readonly maintenance: MaintenanceWatch;
}

/** Watches from outside what must hold after every step, whatever happened. */
export class Observer {
  readonly #watches = new WeakMap<ModelLeader, Watches>();
  readonly #accepts: AcceptsWatch;
  readonly #placement: PlacementWatch;
  /** Tasks that nobody launched here. */
  readonly strangers = new Set<string>();
  steps = 0;

  constructor(
    readonly mesos: ModelMesos,
    readonly offerService: ModelOfferService,
    readonly coverage: Coverage,
    readonly now: () => number,
    readonly waits: { readonly allocatedMs: number; readonly supersededMs: number; readonly avoidedMs: number },
  ) {
    this.#accepts = new AcceptsWatch(mesos, offerService);
    this.#placement = new PlacementWatch(mesos);
  }

  #of(leader: ModelLeader): Watches {
    const known = this.#watches.get(leader);
    if (known !== undefined) return known;
    const delay = new DelayWatch(this.now, this.waits.allocatedMs, (id) => this.mesos.tasks.get(id)?.hasHealthCheck ?? false);
    const watches = {
      delay,
      kills: new KillsWatch(this.mesos, this.strangers),
      standings: new StandingsWatch(
        leader.journal,
        this.coverage,
        (id, taskId) => delay.checkAllocated(id, taskId),
        (taskId, supersededAt) => this.#onForgotten(taskId, supersededAt),
      ),
      hoarding: new HoardingWatch(leader.term, this.now),
      deaths: new EarlyDeathsWatch(this.now, this.waits.avoidedMs),
      maintenance: new MaintenanceWatch(leader.journal),
    };
    this.#watches.set(leader, watches);
    return watches;
  }

  beforeStep(leader: ModelLeader, event: DomainEvent): void {
    this.#of(leader).deaths.beforeStep(leader.state, event);
  }

  /** `leaving`: those of its effects that will leave. */
  onStep(leader: ModelLeader, event: DomainEvent, { state, changes, effects }: Step, leaving: readonly Effect[]): void {
    this.steps += 1;
    this.coverage.count('event', eventName(event));
    if (event.type === 'update') this.coverage.count('status', event.status.state);
    const { delay, kills, standings, hoarding, deaths, maintenance } = this.#of(leader);
    deaths.afterStep(state);
    delay.onEvent(event);
    kills.onEvent(event);
    const moves = standings.onChanges(changes);
    maintenance.onChanges(changes);
    for (const effect of effects) {
      if (effect.type !== 'log') this.coverage.count('effect', effectName(effect));
      if (effect.type === 'client-event') this.coverage.count('client event', effect.event.kind);
      kills.onEffect(state, effect);
      if (effect.type !== 'call' || effect.call.accept === undefined) continue;
      this.#placement.onAccept(state, effect.call.accept, this.now());
      deaths.onAccept(state, effect.call.accept);
    }
    this.#placement.onStep(state, effects);
    hoarding.onStep(state, event, leaving);
    checkOneTaskEach(state);
    checkNodes(state, moves);
    checkStopHooks(state, moves, effects);
  }

  /** What was given up for long enough is unknown from then on, and treated so if it returns. */
  #onForgotten(taskId: string, supersededAt: number): void {
    const isLongAgo = this.now() - supersededAt >= this.waits.supersededMs;
    if (isLongAgo && this.mesos.tasks.get(taskId)?.alive === true) this.strangers.add(taskId);
  }

  /** A call leaves, whoever sends it. */
  onSent(call: SchedulerCall): void {
    this.#accepts.onSent(call);
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
