import { sameSubscription } from '../subscription/same-subscription.js';
import { isInForce } from '../allocation-in-force.js';
import { answer, provablyUnsent, settleCall, take } from './call-ledger.js';
import type { DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import type { DriverEvent } from '../events.js';
import { ended, withdraw } from '../offers/handle-offers.js';
import { answerInverseOffers, inverseAnswerOf } from '../inverse-offers/handle-inverse-offers.js';
import { endOffers, whyUnusable } from '../offers/outstanding-offers.js';
import { dropPaced, paceKill, paceReconcile } from './paced-calls.js';

type CallEvent = Extract<DriverEvent, { type: 'call' }>;

/** Sends a call of allocation-service if it is delivered for the first time and everything it names is in force; answers it in any case. */
export const handleCall = (state: DriverState, event: CallEvent, now: number): Effect[] => {
  const before = state.calls.taken.get(event.id);
  if (before !== undefined) return before.answer === undefined ? [] : [{ type: 'answer', answer: before.answer }];
  const refusal = whyRefused(state, event, now);
  return refusal === undefined ? send(state, event, now) : refuse(state, event, refusal, now);
};

const whyRefused = (state: DriverState, { call, deadlineMs, redelivered }: CallEvent, now: number): string | undefined => {
  const { allocation, subscription } = state;
  if (!isInForce(allocation, call.allocation_term))
    return `allocation term ${call.allocation_term} is not in force, ${allocation.term ?? 'none'} is`;
  if (subscription === undefined) return 'not subscribed to Mesos';
  const { term, counter } = call.subscription;
  if (!sameSubscription(call.subscription, subscription.id))
    return `subscription ${term}.${counter} is not current, ${subscription.id.term}.${subscription.id.counter} is`;
  if (redelivered) return 'delivered before';
  // whoever decided it has stopped waiting, and may have decided otherwise meanwhile; the other calls do no harm late
  return call.accept !== undefined && deadlineMs !== undefined && now > deadlineMs ? 'its deadline has passed' : undefined;
};

/** Answers without sending, and gives back the offers that the call would have used: nobody counts on them any more. */
const refuse = (state: DriverState, { id, call }: CallEvent, reason: string, now: number): Effect[] => {
  const unsent = provablyUnsent(state, id, call);
  const taken = take(state, id, call, 0);
  const givenBack = [...(call.accept?.offer_ids ?? []), ...(call.decline?.offer_ids ?? [])].filter(
    (offerId) => state.offers.outstanding.get(offerId)?.allocationTerm === call.allocation_term,
  );
  return [
    ...withdraw(state, givenBack, { refuseSeconds: 0, announce: false }, now),
    ...answer(state, id, taken, unsent ? 'NOT_SENT' : 'UNKNOWN', reason),
  ];
};

const send = (state: DriverState, event: CallEvent, now: number): Effect[] => {
  const { id, call } = event;
  if (call.accept !== undefined) return sendAccept(state, event, call.accept, now);
  if (call.decline !== undefined) return sendDecline(state, event, call.decline, now);
  const inverse = inverseAnswerOf(call);
  if (inverse !== undefined) {
    const effects = answerInverseOffers(state, id, inverse);
    if (effects === undefined) return refuse(state, event, 'none of its inverse offers is outstanding', now);
    take(state, id, call, 1);
    return effects;
  }
  if (call.kill !== undefined) {
    take(state, id, call, 1);
    const { task_id: taskId, agent_id: agentId, grace_seconds: graceSeconds } = call.kill;
    paceKill(state, { kind: 'kill', taskId, agentId, graceSeconds }, id);
    return [];
  }
  if (call.reconcile !== undefined) {
    const tasks = (call.reconcile.tasks ?? []).map(({ task_id: taskId, agent_id: agentId }) => ({ taskId, agentId }));
    take(state, id, call, paceReconcile(state, tasks, id));
    return [];
  }
  if (call.teardown !== undefined) {
    take(state, id, call, 1);
    return [{ type: 'call-mesos', call: { kind: 'teardown' }, concern: { of: 'call', callId: id } }];
  }
  return refuse(state, event, 'a kind of call that this version does not know', now);
};

const sendAccept = (state: DriverState, event: CallEvent, accept: NonNullable<CallEvent['call']['accept']>, now: number): Effect[] => {
  const offerIds = accept.offer_ids ?? [];
  const held = offerIds.map((offerId) => state.offers.outstanding.get(offerId));
  const missing = offerIds.find((_, index) => held[index] === undefined);
  if (offerIds.length === 0 || new Set(offerIds).size < offerIds.length) return refuse(state, event, 'ACCEPT needs offers, each once', now);
  if (missing !== undefined) return refuse(state, event, whyUnusable(state.offers, missing), now);
  // else the master drops every task of the call (src/master/validation.cpp, offer validation)
  if (new Set(held.map((offer) => JSON.stringify([offer?.agentId, offer?.role]))).size > 1)
    return refuse(state, event, 'ACCEPT needs offers of one agent and one role', now);
  take(state, event.id, event.call, 1);
  const used = endOffers(state.offers, offerIds, { how: 'accepted', callId: event.id });
  return [
    {
      type: 'call-mesos',
      call: { kind: 'accept', offerIds, operations: accept.operations ?? [], refuseSeconds: accept.refuse_seconds },
      concern: { of: 'call', callId: event.id },
    },
    ...ended(used, 'accepted', now),
  ];
};

const sendDecline = (state: DriverState, event: CallEvent, decline: NonNullable<CallEvent['call']['decline']>, now: number): Effect[] => {
  const first = decline.offer_ids?.[0];
  const declined = endOffers(state.offers, decline.offer_ids ?? [], { how: 'declined' });
  if (declined.length === 0)
    return refuse(state, event, first === undefined ? 'DECLINE needs offers' : whyUnusable(state.offers, first), now);
  take(state, event.id, event.call, 1);
  return [
    {
      type: 'call-mesos',
      call: { kind: 'decline', offerIds: declined.map(({ id }) => id), refuseSeconds: decline.refuse_seconds },
      concern: { of: 'call', callId: event.id },
    },
    ...ended(declined, 'declined', now),
  ];
};

/** The master refused an ACCEPT: its offers are still out, and nobody counts on them any more. */
export const declineUnused = (state: DriverState, callId: string, result: 'sent' | 'not-sent' | 'unknown'): Effect[] => {
  const taken = state.calls.taken.get(callId);
  const current = state.subscription?.id;
  if (result !== 'not-sent' || taken === undefined || taken.offerIds.length === 0) return [];
  if (current === undefined || !sameSubscription(current, taken.subscription)) return [];
  return [{ type: 'call-mesos', call: { kind: 'decline', offerIds: taken.offerIds, refuseSeconds: 0 } }];
};

/** The subscription is over: calls that wait for their turn are answered, for they will not be sent. */
export const refuseWaiting = (state: DriverState, reason: string): Effect[] =>
  dropPaced(state).flatMap(({ callId }) => (callId === undefined ? [] : settleCall(state, callId, 'not-sent', reason)));
