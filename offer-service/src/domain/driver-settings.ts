import type { PauseBounds } from './limits/growing-pause.js';

/** The limits of the framework driver. Times are milliseconds unless the name says seconds. */
export interface DriverSettings {
  /** The roles the framework is subscribed with. */
  readonly roles: readonly string[];
  /** An offer or inverse offer that nobody has answered for this long is declined. */
  readonly offerHoldMs: number;
  /** Refusal of offers that could not be used now but may be wanted again at any moment. */
  readonly shortRefusalSecs: number;
  /** Refusal of offers while nothing waits: REVIVE ends it (docs/app-framework-development-guide.md, multi-scheduler scalability). */
  readonly idleRefusalSecs: number;
  /** An inverse offer that nobody has answered is made again after this time. */
  readonly inverseOfferRefusalSecs: number;
  readonly offersPerMessage: number;
  /** REVIVE makes the master's allocator run at once, so it is rationed: a burst, and then one an interval. */
  readonly reviveBurst: number;
  readonly reviveIntervalMs: number;
  /** How many tasks KILL and RECONCILE calls may name in one interval: each makes the master do work for each task. */
  readonly pacedTasks: number;
  readonly paceIntervalMs: number;
  /** Updates published and not confirmed yet. */
  readonly updatesInFlight: number;
  /** Updates held until the broker has confirmed them, in flight or waiting; more are dropped unacknowledged. */
  readonly updatesHeld: number;
  /** Pause after SUPPRESS or REVIVE did not get through. */
  readonly retryMs: number;
  /** Pauses, growing, before what the broker or the master did not take is tried again. */
  readonly retry: PauseBounds;
  /** Calls whose answers are kept for a repetition. */
  readonly callsRemembered: number;
  /** Offers whose end is kept, to say what became of one that a call names. */
  readonly offersRemembered: number;
  /** Tasks whose dropped updates nobody sends again, before all tasks are reconciled instead. */
  readonly missedTasksRemembered: number;
}

export const defaultDriverSettings: DriverSettings = {
  roles: ['*'],
  offerHoldMs: 10_000,
  shortRefusalSecs: 5,
  idleRefusalSecs: 3_600,
  inverseOfferRefusalSecs: 60,
  offersPerMessage: 200,
  reviveBurst: 5,
  reviveIntervalMs: 1_000,
  pacedTasks: 1_000,
  paceIntervalMs: 1_000,
  updatesInFlight: 256,
  updatesHeld: 10_000,
  retryMs: 500,
  retry: { firstMs: 500, maxMs: 30_000 },
  callsRemembered: 10_000,
  offersRemembered: 20_000,
  missedTasksRemembered: 10_000,
};
