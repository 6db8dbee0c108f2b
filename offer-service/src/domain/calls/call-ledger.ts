import type { CallAnswer, SchedulerCall, Subscription } from '@streams-on-mesos/messages';
import { BoundedMemory } from '../limits/bounded-memory.js';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import { provesUnsent } from '../offers/outstanding-offers.js';

/** A call of allocation-service that this leadership has taken. */
export interface TakenCall {
  readonly subscription: Subscription;
  readonly allocationTerm: number;
  /** Of an ACCEPT. */
  readonly offerIds: readonly string[];
  /** Calls to Mesos it is made of whose result is open. */
  open: number;
  readonly results: Record<'sent' | 'not-sent' | 'unknown', number>;
  reason: string | undefined;
  answer: CallAnswer | undefined;
}

/** The calls taken, so that a repeated id gets its first answer. */
export interface CallLedger {
  readonly taken: BoundedMemory<TakenCall>;
  /** Counter of the newest subscription of which a call was forgotten. */
  forgottenUpTo: { counter: number };
}

export const emptyLedger = (remembered: number): CallLedger => {
  const forgottenUpTo = { counter: 0 };
  const taken = new BoundedMemory<TakenCall>(remembered, ({ subscription }) => {
    forgottenUpTo.counter = Math.max(forgottenUpTo.counter, subscription.counter);
  });
  return { taken, forgottenUpTo };
};

/** Takes a call that becomes so many calls to Mesos. */
export const take = ({ calls }: DriverState, id: string, call: SchedulerCall, open: number): TakenCall => {
  const taken: TakenCall = {
    subscription: call.subscription,
    allocationTerm: call.allocation_term,
    offerIds: call.accept?.offer_ids ?? [],
    open,
    results: { sent: 0, 'not-sent': 0, unknown: 0 },
    reason: undefined,
    answer: undefined,
  };
  calls.taken.set(id, taken);
  return taken;
};

/**
 * Whether no instance can have sent this call, nor ever will. A call is sent by nobody but the leadership whose subscription it
 * names, once, when it is delivered for the first time; so that leadership knows, as far as it remembers.
 */
export const provablyUnsent = ({ calls, counter, offers, term }: DriverState, id: string, call: SchedulerCall): boolean => {
  const { subscription } = call;
  if (subscription.term !== term || subscription.counter > counter) return false;
  if (subscription.counter > calls.forgottenUpTo.counter) return true;
  return call.accept?.offer_ids?.some((offerId) => provesUnsent(offers, id, offerId)) === true;
};

/** Answers a call for good. */
export const answer = (
  state: DriverState,
  id: string,
  taken: TakenCall,
  result: CallAnswer.Result,
  reason?: string | undefined,
): Effect[] => {
  taken.answer = { call_id: id, allocation_term: taken.allocationTerm, result, ...(reason !== undefined && { reason }) };
  return [{ type: 'answer', answer: taken.answer }];
};

/** The result of one of the calls to Mesos that a call is made of: answered when all are in. */
export const settleCall = (
  state: DriverState,
  id: string,
  result: 'sent' | 'not-sent' | 'unknown',
  reason: string | undefined,
): Effect[] => {
  const taken = state.calls.taken.get(id);
  if (taken === undefined || taken.answer !== undefined) return [];
  taken.open -= 1;
  taken.results[result] += 1;
  taken.reason ??= reason;
  if (taken.open > 0) return [];
  const { sent, unknown, 'not-sent': notSent } = taken.results;
  if (unknown > 0 || (sent > 0 && notSent > 0)) return answer(state, id, taken, 'UNKNOWN', taken.reason);
  return notSent > 0 ? answer(state, id, taken, 'NOT_SENT', taken.reason) : answer(state, id, taken, 'SENT');
};
