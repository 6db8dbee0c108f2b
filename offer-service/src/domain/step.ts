import { desire, isInForce, termFromZooKeeper } from './allocation-in-force.js';
import { settleCall } from './calls/call-ledger.js';
import type { DriverState } from './driver-state.js';
import type { Effect } from './effects.js';
import type { DriverEvent } from './events.js';
import { declineUnused, handleCall } from './calls/handle-call.js';
import { expireOffers, receiveOffers, rescind, withdraw, withdrawAll, withdrawFromOthers } from './offers/handle-offers.js';
import {
  expireInverseOffers,
  receiveInverseOffers,
  repeatInverseOffers,
  rescindInverseOffer,
} from './inverse-offers/handle-inverse-offers.js';
import { endSubscription, announceSubscription, startSubscription } from './subscription/handle-subscription.js';
import { reconcileMissed } from './updates/missed-updates.js';
import { pumpPaced } from './calls/paced-calls.js';
import { directNeeds, needsAnswered } from './roles/need-directives.js';
import { reviveWanted, rolesUntold, suppressUnwanted } from './roles/role-directives.js';
import { pumpUpdates, receiveUpdate, resumeUpdates, updatePublished, updateUnpublished } from './updates/update-flow.js';

export interface Step {
  readonly state: DriverState;
  readonly effects: Effect[];
}

/**
 * The framework driver: what one event changes and what is to be done about it. The state is changed in place.
 * After every event what is due is derived from the state, so nothing depends on which event made it due.
 */
export const step = (state: DriverState, event: DriverEvent, now: number): Step => {
  const effects = handle(state, event, now);
  reconcileMissed(state);
  if (!isOfUpdates(event)) effects.push(...suppressUnwanted(state, now), ...directNeeds(state, now), ...reviveWanted(state, now));
  effects.push(...pumpPaced(state, now));
  pumpUpdates(state, now, effects);
  return { state, effects };
};

/** They say nothing about roles and needs, and come by thousands a second; what time alone makes due comes with the next tick. */
const isOfUpdates = ({ type }: DriverEvent): boolean => type === 'update' || type === 'update-published' || type === 'update-unpublished';

const handle = (state: DriverState, event: DriverEvent, now: number): Effect[] => {
  const { allocation, settings, subscription } = state;
  switch (event.type) {
    case 'subscribed':
      return startSubscription(state, event, now);
    case 'disconnected':
      return endSubscription(state, event.reason, now);
    case 'offers':
      return receiveOffers(state, event.offers, now);
    case 'rescind':
      return rescind(state, event.offerId, now);
    case 'inverse-offers':
      return receiveInverseOffers(state, event.inverseOffers, now);
    case 'rescind-inverse-offer':
      return rescindInverseOffer(state, event.inverseOfferId);
    case 'failure':
      return subscription === undefined ? [] : [failure(subscription.id, event)];
    case 'update':
      return subscription === undefined ? [] : receiveUpdate(state, subscription.id, event.status, now);
    case 'call-result':
      return callResult(state, event, now);
    case 'allocation-term':
      termFromZooKeeper(allocation, event.term);
      return withdrawFromOthers(state, now);
    case 'broker':
      return broker(state, event.up, now);
    case 'hello':
      return hello(state, event.allocationTerm, now);
    case 'desired-state':
      if (isInForce(allocation, event.desiredState.allocation_term)) desire(allocation, event.desiredState);
      return withdrawFromOthers(state, now);
    case 'call':
      return [...handleCall(state, event, now), ...withdrawFromOthers(state, now)];
    case 'offers-unpublished':
      return withdraw(state, event.offerIds, { refuseSeconds: settings.shortRefusalSecs, announce: true }, now);
    case 'update-published':
      return updatePublished(state, event.update);
    case 'update-unpublished':
      return updateUnpublished(state, event.update, event.obstacle, event.reason, now);
    case 'tick':
      return [...expireOffers(state, now), ...expireInverseOffers(state, now)];
  }
};

type Of<Type extends DriverEvent['type']> = Extract<DriverEvent, { type: Type }>;

const failure = (subscription: NonNullable<DriverState['subscription']>['id'], event: Of<'failure'>): Effect => ({
  type: 'announce',
  announcement: { failure: { subscription, agent_id: event.agentId, executor_id: event.executorId, status: event.status } },
});

const callResult = (state: DriverState, { concern, result, reason }: Of<'call-result'>, now: number): Effect[] => {
  if (concern.of === 'call') return [...settleCall(state, concern.callId, result, reason), ...declineUnused(state, concern.callId, result)];
  if (concern.of === 'needs') needsAnswered(state, concern, result, now);
  else if (result !== 'sent') rolesUntold(state, concern.roles, now);
  return [];
};

/** A new leader of allocation-service, or the same one after it lost the broker: it counts on no offer. */
const hello = (state: DriverState, term: number, now: number): Effect[] => {
  if (!isInForce(state.allocation, term)) {
    return [{ type: 'log', level: 'info', message: 'hello of an allocation term that is not in force', fields: { term } }];
  }
  state.allocation.greetedBy = term;
  state.allocation.answerDue = true;
  return [...withdrawAll(state, 0, now), ...announceSubscription(state), ...repeatInverseOffers(state)];
};

const broker = (state: DriverState, up: boolean, now: number): Effect[] => {
  if (state.brokerUp === up) return [];
  state.brokerUp = up;
  if (up) resumeUpdates(state);
  // Nobody can answer an offer now, and what was announced last may be lost: it is announced again once the broker is back.
  state.allocation.answerDue = state.allocation.greetedBy !== undefined;
  return up ? [...announceSubscription(state), ...repeatInverseOffers(state)] : withdrawAll(state, state.settings.shortRefusalSecs, now);
};
