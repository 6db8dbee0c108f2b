import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { after } from '../context.js';
import { declineOffers } from '../decline.js';
import type { WorkloadResolvedEvent } from '../events.js';
import { nextAskId } from '../leader.js';
import { acceptOffer } from '../launching/launching.js';
import { missingLicence, promiseLicences } from '../licences/licences.js';
import type { Match, OfferUse } from '../matching/matching.js';
import { occupantsOf } from '../agents/occupants.js';
import { workloadFault } from '../requests/workload-check.js';
import { describeResource } from '../resources.js';
import { nextTaskId } from '../tasks/tasks.js';
import { endHold, giveUpMatch, heldTimer, waitAgain, type HeldOffer } from './held-offers.js';

// A start command can only be made once the host is known, and only by who knows Streams. So the offer is held while a
// streams-bridge is asked for it. This is the one case in which an offer is neither used nor declined at once, and the time
// for it is short: held offers make Mesos believe that this framework has what it does not use.

/** Holds an offer for the start commands of all its matches. */
export const holdForWorkload = (context: Context, use: OfferUse): void => {
  const { leader, settings, timers } = context.state;
  const until = after(context, settings.resolveWorkloadSecs);
  const open = new Map(use.matches.map((match) => [nextAskId(leader), match]));
  const held: HeldOffer = { use, askIds: [...open.keys()], open, resolved: [] };
  for (const [askId, match] of open) {
    leader.heldOffers.set(askId, held);
    // Further offers are not matched to it meanwhile.
    match.resource.notBefore = until;
    ask(context, askId, match, use, until);
  }
  timers.set(heldTimer(held), until);
};

const ask = (context: Context, askId: string, match: Match, use: OfferUse, deadlineMs: number): void => {
  const { request } = match.resource;
  const resolve_workload = {
    ask_id: askId,
    allocation_term: context.state.leader.term,
    resource: asPlaced(match, use),
    workload: request.workload,
  };
  context.effects.push({ type: 'ask-hook', question: { resolve_workload }, deadlineMs, traceId: request.traceId });
};

const asPlaced = ({ resource, quantities }: Match, { agent }: OfferUse): ResourceMessage => ({
  ...describeResource(resource),
  task_id: nextTaskId(resource),
  agent_id: agent.id,
  host: agent.hostname,
  allocated: { ...quantities },
});

/** An answer that came in time; one that came too late is about an offer that was declined. */
export const onWorkloadResolved = (context: Context, { askId, workload, error }: WorkloadResolvedEvent): void => {
  const held = context.state.leader.heldOffers.get(askId);
  const match = held?.open.get(askId);
  if (held === undefined || match === undefined) return;
  held.open.delete(askId);
  const fault = workload === undefined ? (error ?? 'no reason was given') : workloadFault({ ...workload, deferred: false })?.message;
  if (workload === undefined || fault !== undefined) giveUpMatch(context, match, fault ?? '');
  else held.resolved.push({ ...match, workload: { ...workload, deferred: false } });
  if (held.open.size === 0) useOffer(context, held);
};

/** The time is over: what has its start command is launched, the rest waits for another offer. */
export const onHeldTooLong = (context: Context, askId: string): void => {
  const { leader, settings } = context.state;
  const held = leader.heldOffers.get(askId);
  if (held === undefined) return;
  for (const match of held.open.values()) giveUpMatch(context, match, `no answer within ${settings.resolveWorkloadSecs} s`);
  useOffer(context, held);
};

/** The offer is used once or declined. */
const useOffer = (context: Context, held: HeldOffer): void => {
  endHold(context, held);
  const launched: Match[] = [];
  const promised = new Map<string, number>();
  for (const match of held.resolved) {
    if (match.resource.state !== 'NEW') continue;
    match.resource.request.lastWorkloadFault = undefined;
    match.resource.message = undefined;
    if (mayLaunch(context, match, held, promised)) launched.push(match);
    else waitAgain(context, match);
  }
  if (launched.length > 0) {
    acceptOffer(context, { ...held.use, matches: launched });
    return;
  }
  declineOffers(context, held.use.offerIds);
  // While it was held it was of no use to whatever else waits.
  context.state.leader.demand.newWaiting = true;
};

/** What was free when the offer was matched may have been taken since; constraints count what is held as placed. */
const mayLaunch = ({ state, now }: Context, { resource }: Match, { use }: HeldOffer, promised: Map<string, number>): boolean => {
  const { request } = resource;
  if (now > (request.requirements.placeBy ?? Infinity)) return false;
  const { count, wantAlone } = occupantsOf(state, use.agent.id);
  if (wantAlone || (request.requirements.aloneOnAgent && count > 0)) return false;
  if (missingLicence(state, request, promised) !== undefined) return false;
  promiseLicences(promised, request);
  return true;
};
