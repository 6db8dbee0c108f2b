import type { TaskStatus } from '@streams-on-mesos/mesos';
import type { Subscription } from '@streams-on-mesos/messages';
import type { DriverState } from './driver-state.js';
import type { Effect } from './effects.js';
import { rememberMissed } from './missed-updates.js';

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
  /** By task id, oldest first; the first is in `ready` or in `inFlight`. */
  readonly lanes: Map<string, HeldUpdate[]>;
  readonly ready: Set<HeldUpdate>;
  readonly inFlight: Set<HeldUpdate>;
  /** How many are in the lanes. */
  held: number;
  pausedUntil: number;
}

export const noUpdates = (): UpdateFlow => ({
  sequence: 0,
  lanes: new Map(),
  ready: new Set(),
  inFlight: new Set(),
  held: 0,
  pausedUntil: 0,
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
  if (!leaveLane(state, update)) return [];
  const acknowledgeable = hasUuid(update.status) && update.status.agent_id !== undefined && state.subscription !== undefined;
  return acknowledgeable ? [{ type: 'call-mesos', call: { kind: 'acknowledge', status: update.status } }] : [];
};

/** Not confirmed, or returned: it stays first in its lane and is published again, or is given up when it never can be. */
export const updateUnpublished = (state: DriverState, update: HeldUpdate, retry: boolean, reason: string, now: number): Effect[] => {
  const { settings, updates } = state;
  if (!retry) {
    const fields = { task: update.status.task_id.value, state: update.status.state, reason };
    const message = 'an update cannot be published; it is dropped unacknowledged';
    return leaveLane(state, update) ? [{ type: 'log', level: 'error', message, fields }] : [];
  }
  if (updates.inFlight.delete(update)) updates.ready.add(update);
  updates.pausedUntil = now + settings.retryMs;
  return [];
};

/** What may be published now. */
export const pumpUpdates = ({ brokerUp, settings, updates }: DriverState, now: number): Effect[] => {
  if (!brokerUp || now < updates.pausedUntil) return [];
  const effects: Effect[] = [];
  for (const update of updates.ready) {
    if (updates.inFlight.size >= settings.updatesInFlight) break;
    updates.ready.delete(update);
    updates.inFlight.add(update);
    effects.push({ type: 'publish-update', update });
  }
  return effects;
};
