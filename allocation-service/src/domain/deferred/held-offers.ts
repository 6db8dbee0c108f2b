import type { Context } from '../context.js';
import { log, touch } from '../context.js';
import { declineOffers } from '../decline.js';
import { noteWaiting } from '../demand/note-waiting.js';
import type { Match, OfferUse } from '../matching/matching.js';
import { delayLaunch } from '../tasks/launch-backoff.js';

/** An offer that is neither used nor declined yet: the start commands of what was matched to it were asked for. */
export interface HeldOffer {
  readonly use: OfferUse;
  /** The ids of its questions. */
  readonly askIds: readonly string[];
  /** What has no answer yet, by the id of the question. */
  readonly open: Map<string, Match>;
  /** What can be launched. */
  readonly resolved: Match[];
}

export const heldTimer = (hold: HeldOffer): string => `held-offer:${hold.askIds[0]}`;

/** From now on its answers come too late. */
export const endHold = (context: Context, hold: HeldOffer): void => {
  const { leader, timers } = context.state;
  for (const askId of hold.askIds) leader.heldOffers.delete(askId);
  timers.cancel(heldTimer(hold));
};

/** The start command of a match could not be had: its resource waits for another offer, and not for the very next one. */
export const giveUpMatch = (context: Context, { resource }: Match, message: string): void => {
  if (resource.state !== 'NEW') return;
  resource.request.lastWorkloadFault = { message, at: context.now };
  resource.message = `its start command could not be had: ${message}`;
  touch(context, 'resource', resource.id);
  log(context, 'warn', 'the start command of a resource could not be had', { resource: resource.id, reason: message });
  delayLaunch(context, resource);
};

/** Nothing stands against a launch on the very next offer. */
export const waitAgain = (context: Context, { resource }: Match): void => {
  if (resource.state !== 'NEW') return;
  resource.notBefore = 0;
  noteWaiting(context.state, resource.request);
};

/** Offers that are void can neither be used nor declined; what was to be launched on them waits for others. */
export const forgetHeldOffers = (context: Context, isVoid: (hold: HeldOffer) => boolean, why: string): void => {
  for (const hold of new Set(context.state.leader.heldOffers.values())) {
    if (!isVoid(hold)) continue;
    log(context, 'info', 'an offer is gone while it was held for a start command', { offers: hold.use.offerIds, why });
    endHold(context, hold);
    for (const match of [...hold.open.values(), ...hold.resolved]) waitAgain(context, match);
  }
};

/**
 * Mesos takes offers back. One that was used is on its way in an ACCEPT, which Mesos answers with TASK_DROPPED. What was to
 * be used together with one that was held is declined. One that comes late, behind this, is passed over.
 */
export const onRescinds = (context: Context, offerIds: readonly string[]): void => {
  const rescinded = new Set(offerIds);
  for (const id of rescinded) context.state.leader.handledOffers.add(id, context.now);
  const isVoid = ({ use }: HeldOffer): boolean => use.offerIds.some((id) => rescinded.has(id));
  const voided = new Set([...context.state.leader.heldOffers.values()].filter(isVoid));
  const others = [...voided].flatMap(({ use }) => use.offerIds.filter((id) => !rescinded.has(id)));
  forgetHeldOffers(context, isVoid, 'rescinded');
  if (others.length > 0) declineOffers(context, others);
};
