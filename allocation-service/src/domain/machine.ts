import type { DomainEvent } from './events.js';
import type { Change, State, Step } from './model.js';
import type { Settings } from './settings.js';

/** The state was written by a newer version of this service; it is left as it is. */
export class FutureStateError extends Error {
  override readonly name = 'FutureStateError';
}

/**
 * Builds the state from its durable records, in any order.
 * @throws FutureStateError
 */
export const loadState = (records: Iterable<Change>, settings: Settings, now: number): State => {
  throw new Error(`not built yet: ${String(records)} ${String(settings)} ${now}`);
};

/** Decides what follows from one event. Never throws for what an event contains. `now` is epoch milliseconds. */
export const step = (state: State, event: DomainEvent, now: number): Step => {
  throw new Error(`not built yet: ${String(state)} ${event.type} ${now}`);
};

/** When the next { type: 'tick' } is due, in epoch milliseconds; undefined: not before another event. */
export const nextWakeup = (state: State): number | undefined => state.timers.next();
