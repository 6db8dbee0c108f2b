import type { SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect, LogLevel } from './effects.js';
import type { Request, Resource, State } from './model.js';
import type { Backoff } from './settings.js';

export type Table = 'meta' | 'config' | 'request' | 'early-death' | 'resource' | 'task' | 'event';

/** One step in the making: the state, what has to be written of it, and what has to happen after that. */
export interface Context {
  readonly state: State;
  readonly now: number;
  readonly effects: Effect[];
  /** Records that differ from what is durable. */
  readonly touched: Map<Table, Set<string>>;
  /** Resources that were launched: their records and those of their tasks, of which one matching makes thousands, differ too. */
  readonly launched: Resource[];
  /** Requests of which a resource has become ready. */
  readonly ready: Set<Request>;
}

export const newContext = (state: State, now: number): Context => ({
  state,
  now,
  effects: [],
  touched: new Map(),
  launched: [],
  ready: new Set(),
});

/** Marks a record as changed, or removed if the state no longer has it. */
export const touch = (context: Context, table: Table, key: string): void => {
  const keys = context.touched.get(table);
  if (keys === undefined) context.touched.set(table, new Set([key]));
  else keys.add(key);
};

export const log = (context: Context, level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
  context.effects.push({ type: 'log', level, message, fields });
};

export const after = (context: Context, secs: number): number => context.now + Math.round(secs * 1000);

/** The delay before the repetition number `attempt` (from 0), in seconds. */
export const backoffSecs = (backoff: Backoff, attempt: number): number =>
  Math.min(backoff.maxSecs, backoff.firstSecs * backoff.factor ** Math.min(attempt, 60));

/** Sends a call in the current subscription; undefined when there is none, since nobody could carry it out. */
export const sendCall = (
  context: Context,
  call: Omit<SchedulerCall, 'allocation_term' | 'subscription'>,
  traceId: string,
): string | undefined => {
  const { leader } = context.state;
  if (leader.subscription === undefined || !leader.connected) return undefined;
  leader.calls += 1;
  const id = `${leader.term}-${leader.calls}`;
  context.effects.push({ type: 'call', id, call: { allocation_term: leader.term, subscription: leader.subscription, ...call }, traceId });
  return id;
};
