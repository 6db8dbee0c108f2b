import type { CurrentSubscription, DriverState } from '../driver-state.js';
import type { Effect } from '../effects.js';
import type { DriverEvent } from '../events.js';
import { refuseWaiting } from '../calls/handle-call.js';
import { voidInverseOffers } from '../inverse-offers/handle-inverse-offers.js';
import { ended } from '../offers/handle-offers.js';
import { startNeeds } from '../roles/need-directives.js';
import { noNeeds } from '../roles/offer-needs.js';
import { endOffers } from '../offers/outstanding-offers.js';
import { startRoles } from '../roles/role-directives.js';

/**
 * Tells allocation-service which subscription is current, and answers its hello if one is unanswered. With the broker away it
 * is told when that is back.
 */
export const announceSubscription = ({ allocation, brokerUp, subscription }: DriverState): Effect[] => {
  if (subscription === undefined || !brokerUp) return [];
  const { id, frameworkId, master } = subscription;
  const answers = allocation.answerDue && allocation.greetedBy === allocation.term ? allocation.greetedBy : undefined;
  allocation.answerDue = false;
  const subscribed = {
    subscription: id,
    framework_id: frameworkId,
    ...(answers !== undefined && { answers_term: answers }),
    ...(master !== undefined && { master }),
  };
  return [{ type: 'announce', announcement: { subscribed } }];
};

/** A new subscription: it has a number of its own, no offers, and its sequence of updates starts again. */
export const startSubscription = (state: DriverState, event: Extract<DriverEvent, { type: 'subscribed' }>, now: number): Effect[] => {
  const before = state.subscription === undefined ? [] : endSubscription(state, 'subscribed anew', now);
  state.counter += 1;
  state.subscription = {
    id: { term: state.term, counter: state.counter },
    frameworkId: event.frameworkId,
    master: event.master,
    since: now,
  };
  state.updates.sequence = 0;
  startRoles(state, event.suppressedRoles);
  startNeeds(state, event.needs ?? noNeeds, event.masterLimits ?? { takesUpdates: true, takesConstraints: true });
  return [...before, ...announceSubscription(state)];
};

/** The stream to the master is gone, and with it all offers (docs/reconciliation.md, Offer Reconciliation). Updates in hand still count. */
export const endSubscription = (state: DriverState, reason: string, now: number): Effect[] => {
  const { offers, roles, subscription } = state;
  if (subscription === undefined) return [];
  const refused = refuseWaiting(state, 'the subscription to Mesos ended before it was sent');
  const voided = endOffers(offers, [...offers.outstanding.keys()], { how: 'void' });
  state.subscription = undefined;
  roles.told.clear();
  state.needs.told = undefined;
  return [
    ...refused,
    ...(state.brokerUp ? [unsubscribed(subscription.id, reason)] : []),
    ...ended(voided, 'void', now),
    ...voidInverseOffers(state),
  ];
};

const unsubscribed = (subscription: CurrentSubscription['id'], reason: string): Effect => ({
  type: 'announce',
  announcement: { unsubscribed: { subscription, reason } },
});
