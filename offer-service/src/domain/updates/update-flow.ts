import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { Subscription } from '@streams-on-mesos/messages';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import { rememberMissed } from './missed-updates.js';
import { ReadyUpdates } from './ready-updates.js';
import { forgetFailures, noRetries, queueFailed, takeDue, updateRefused, updateSucceeded, type UpdateRetries } from './update-retries.js';

/** An update of Mesos that the broker has not confirmed yet. */
export interface HeldUpdate {
  readonly subscription: Subscription;
  /** Position in the subscription, over all tasks, from 1. */
  readonly sequence: number;
  readonly status: TaskStatus;
  readonly receivedAt: number;
}

/**
 * Updates on their way to the broker. Each task has a lane: its next update is published only after the one before was
 * confirmed, so a failed publish never lets a later one overtake. Lanes don't wait for each other.
 */
export interface UpdateFlow {
  /** Of the newest update of the current subscription. */
  sequence: number;
  /** By task id, oldest first; the first is in `ready`, in `inFlight`, or waits in `retries`. */
  readonly lanes: Map<string, HeldUpdate[]>;
  readonly ready: ReadyUpdates;
  readonly inFlight: Set<HeldUpdate>;
  /** How many are in the lanes. */
  held: number;
  readonly retries: UpdateRetries;
}

export const noUpdates = (): UpdateFlow => ({
  sequence: 0,
  lanes: new Map(),
  ready: new ReadyUpdates(),
  inFlight: new Set(),
  held: 0,
  retries: noRetries(),
});

const hasUuid = ({ uuid }: TaskStatus): boolean => uuid !== undefined && uuid !== '';

/** Takes an update, or drops it when too many are held: unacknowledged, so that its agent sends it again. */
export const receiveUpdate = (state: DriverState, subscription: Subscription, status: TaskStatus, now: number): Effect[] => {
  const { settings, updates } = state;
  const taskId = status.task_id.value;
  const lane = updates.lanes.get(taskId);
  if (hasUuid(status) && lane?.some((held) => held.status.uuid === status.uuid) === true)
    return [{ type: 'update-dropped', because: 'duplicate' }];
  updates.sequence += 1;
  if (updates.held >= settings.updatesHeld) {
    if (hasUuid(status)) return [{ type: 'update-dropped', because: 'resent' }];
    rememberMissed(state, status);
    return [{ type: 'update-dropped', because: 'reconciled' }];
  }
  const update = { subscription, sequence: updates.sequence, status, receivedAt: now };
  updates.held += 1;
  if (lane !== undefined) lane.push(update);
  else {
    updates.lanes.set(taskId, [update]);
    updates.ready.add(update);
  }
  return [];
};

const leaveLane = ({ updates }: DriverState, update: HeldUpdate): boolean => {
  if (!updates.inFlight.delete(update)) return false;
  updates.retries.refused.delete(update);
  const taskId = update.status.task_id.value;
  const lane = updates.lanes.get(taskId) ?? [];
  lane.shift();
  updates.held -= 1;
  const next = lane[0];
  if (next === undefined) updates.lanes.delete(taskId);
  else updates.ready.add(next);
  return true;
};

/** The broker has it: now, and never earlier, Mesos may forget it. */
export const updatePublished = (state: DriverState, update: HeldUpdate): Effect[] => {
  updateSucceeded(state.updates.retries, update);
  if (!leaveLane(state, update)) return [];
  const acknowledgeable = hasUuid(update.status) && update.status.agent_id !== undefined && state.subscription !== undefined;
  return acknowledgeable ? [{ type: 'call-mesos', call: { kind: 'acknowledge', status: update.status } }] : [];
};

/** Who has to wait before an update that was not confirmed is published again: nobody, for it never will be; its task; or all, for no queue takes any. */
export type UpdateObstacle = 'none' | 'task' | 'queue';

/** Not confirmed, or returned: it stays first in its lane and is published again, or is given up when it never can be. */
export const updateUnpublished = (
  state: DriverState,
  update: HeldUpdate,
  obstacle: UpdateObstacle,
  reason: string,
  now: number,
): Effect[] => {
  const { settings, updates } = state;
  if (obstacle === 'none') {
    const fields = { task: update.status.task_id.value, state: update.status.state, reason };
    const message = 'an update cannot be published; it is dropped unacknowledged';
    return leaveLane(state, update) ? [{ type: 'log', level: 'error', message, fields }] : [];
  }
  if (!updates.inFlight.delete(update)) return [];
  if (obstacle === 'task') updateRefused(updates.retries, update, settings, now);
  else {
    updates.ready.add(update);
    queueFailed(updates.retries, settings, now);
  }
  return [];
};

/** The broker is there again, with all queues. */
export const resumeUpdates = ({ updates }: DriverState): void => {
  for (const update of forgetFailures(updates.retries)) updates.ready.add(update);
};

/** Adds what may be published now. */
export const pumpUpdates = ({ brokerUp, settings, updates }: DriverState, now: number, effects: Effect[]): void => {
  const { queue } = updates.retries;
  if (!brokerUp || now < queue.until) return;
  for (const update of takeDue(updates.retries, now)) updates.ready.add(update);
  const limit = queue.failures > 0 ? 1 : settings.updatesInFlight;
  while (updates.inFlight.size < limit) {
    const update = updates.ready.take();
    if (update === undefined) break;
    updates.inFlight.add(update);
    effects.push({ type: 'publish-update', update });
  }
};
