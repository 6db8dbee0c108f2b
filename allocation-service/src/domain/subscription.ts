import type { Subscription } from '@streams-on-mesos/messages';
import type { Context } from './context.js';
import { after, log, touch } from './context.js';
import { forgetHeldOffers } from './deferred/held-offers.js';
import type { SubscribedEvent } from './events.js';
import { repeatKills } from './stopping/kill.js';
import { compareSubscriptions, sameSubscription } from './positions.js';
import { reconcileAll } from './reconciliation/reconciliation.js';
import { endTask, neverLaunched } from './tasks/task-end.js';

const HELLO_DEBOUNCE_MS = 1_000;

/** Tells offer-service who leads: it declines what it handed out before and says in which subscription it is. */
export const sayHello = (context: Context, { reconcile }: { readonly reconcile: boolean }): void => {
  const { state, now } = context;
  const { leader } = state;
  forgetHeldOffers(context, () => true, 'a hello declines what was handed out before');
  leader.reconcileWhenGreeted = reconcile || (leader.reconcileWhenGreeted && !leader.greeted);
  leader.greeted = false;
  leader.helloAt = now;
  leader.demand.repeat = true;
  context.effects.push({ type: 'hello', allocationTerm: leader.term });
  state.timers.set('hello', after(context, state.settings.helloRetrySecs));
};

export const onHelloUnanswered = (context: Context): void => {
  const { greeted, connected } = context.state.leader;
  if (!greeted || !connected) sayHello(context, { reconcile: true });
};

/** A call was not carried out: perhaps the subscription has changed and its announcement was lost. */
export const doubtSubscription = (context: Context): void => {
  const { leader, settings } = context.state;
  const saidLately = leader.helloAt !== undefined && context.now - leader.helloAt < settings.helloRetrySecs * 1000;
  if (leader.greeted && !saidLately) sayHello(context, { reconcile: false });
};

/** A message is of a newer subscription than the one announced last: the announcement was lost. */
export const noteSubscription = (context: Context, subscription: Subscription): void => {
  const { leader } = context.state;
  if (leader.subscription !== undefined && compareSubscriptions(subscription, leader.subscription) <= 0) return;
  if (leader.helloAt !== undefined && context.now - leader.helloAt < HELLO_DEBOUNCE_MS) return;
  sayHello(context, { reconcile: true });
};

/** A new subscription, or the answer to a hello. */
export const onSubscribed = (context: Context, event: SubscribedEvent): void => {
  const { state } = context;
  const { leader } = state;
  const age = leader.subscription === undefined ? 1 : compareSubscriptions(event.subscription, leader.subscription);
  const { frameworkIdFrom } = state.durable;
  const isOutdated = frameworkIdFrom !== undefined && compareSubscriptions(event.subscription, frameworkIdFrom) < 0;
  if (age < 0 || isOutdated) return;
  const isNew = age > 0;
  const answers = event.answersTerm === leader.term && !leader.greeted;
  if (!isNew && !answers) return;
  if (isNew) forgetHeldOffers(context, () => true, 'the subscription is another one');
  leader.subscription = event.subscription;
  leader.connected = true;
  if (isNew) {
    log(context, 'info', 'subscribed to Mesos', { subscription: event.subscription, framework: event.frameworkId, master: event.master });
    leader.demand.repeat = true;
    learnFrameworkId(context, event);
  }
  if (answers) {
    leader.greeted = true;
    state.timers.cancel('hello');
  }
  if (!isNew && !leader.reconcileWhenGreeted) return;
  leader.reconcileWhenGreeted = false;
  repeatKills(context);
  reconcileAll(context);
};

export const onUnsubscribed = (context: Context, subscription: Subscription, reason: string | undefined): void => {
  const { leader } = context.state;
  if (!sameSubscription(subscription, leader.subscription)) return;
  leader.connected = false;
  forgetHeldOffers(context, () => true, 'the subscription is over');
  context.state.timers.set('hello', after(context, context.state.settings.helloRetrySecs));
  log(context, 'warn', 'no longer subscribed to Mesos', { subscription, reason });
};

/** Mesos ends all tasks of a framework when it removes it, so under another id none of the earlier ones lives. */
const learnFrameworkId = (context: Context, { frameworkId, subscription }: SubscribedEvent): void => {
  const { durable } = context.state;
  if (durable.frameworkId === frameworkId) return;
  const isAnother = durable.frameworkId !== undefined;
  durable.frameworkId = frameworkId;
  durable.frameworkIdFrom = subscription;
  touch(context, 'meta', 'state');
  if (isAnother) endEveryTask(context, frameworkId);
};

const endEveryTask = (context: Context, frameworkId: string): void => {
  const { tasks, leader } = context.state;
  log(context, 'warn', 'the framework was removed: all of its tasks are gone', { tasks: tasks.size, framework: frameworkId });
  for (const task of [...tasks.values()]) endTask(context, task, neverLaunched('LOST', true));
  leader.unknownTasks.clear();
  leader.kills.clear();
};
