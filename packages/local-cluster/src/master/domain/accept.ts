// ACCEPT: operations on offers (master.cpp: accept, _accept).
import type { Call, Offer } from '../../generated/protocol.js';
import { add, subtract } from '../../resources/resources.js';
import { discardOffer, forgetOffer, offersError } from './allocator/offers.js';
import { recoverResources } from './allocator/recover-resources.js';
import type { FrameworkRecord, MasterState, OfferRecord } from './master-state.js';
import type { Turn } from './turn.js';
import { launch, launchGroup, type Accepted } from './operations/launch.js';
import { isLaunch, refuseOperation, refuseTasks, taskGroupInvalid, taskInvalid, tasksOf } from './operations/refusals.js';
import { resourceOperation } from './operations/resource-operations.js';
import { lossState } from './status-update.js';
import { normalized, operationResourcesError } from './validation/operation-resources.js';

const withInvalidOffers = (master: MasterState, framework: FrameworkRecord, call: Call.Accept, error: string, turn: Turn): void => {
  for (const { value } of call.offer_ids ?? []) {
    const offer = master.offers.get(value);
    if (offer !== undefined) discardOffer(master, offer, undefined, turn.now);
  }
  const refusal = {
    state: lossState(framework, 'TASK_DROPPED'),
    reason: 'REASON_INVALID_OFFERS' as const,
    message: `Task launched with invalid offers: ${error}`,
  };
  for (const operation of call.operations ?? [])
    if (isLaunch(operation)) refuseTasks(framework, tasksOf(operation), refusal, turn);
    else refuseOperation(framework, operation, `Operation attempted with invalid offers: ${error}`, turn);
};

/** Whether the operation goes on; otherwise the framework has been told why it does not. */
const isSound = (framework: FrameworkRecord, operation: Offer.Operation, turn: Turn): boolean => {
  const invalid = operationResourcesError(operation);
  if (!isLaunch(operation)) {
    if (invalid !== undefined) refuseOperation(framework, operation, `Operation attempted with invalid resources: ${invalid}`, turn);
    return invalid === undefined;
  }
  const error = invalid ?? (operation.id === undefined ? undefined : `The \`id\` field cannot be set on ${operation.type} operations`);
  if (error === undefined) return true;
  refuseTasks(framework, tasksOf(operation), operation.type === 'LAUNCH' ? taskInvalid(error) : taskGroupInvalid(error), turn);
  return false;
};

const perform = (accepted: Accepted, operation: Offer.Operation, turn: Turn): void => {
  if (operation.type === 'LAUNCH') return launch(accepted, operation.launch ?? {}, turn);
  if (operation.launch_group !== undefined && operation.type === 'LAUNCH_GROUP') return launchGroup(accepted, operation.launch_group, turn);
  return resourceOperation(accepted, operation, turn);
};

/** What operations converted goes back as it is; the rest is declined, for the default time unless the framework said otherwise. */
const giveBack = (
  { master, framework, agent, role, remaining }: Accepted,
  offers: readonly OfferRecord[],
  call: Call.Accept,
  turn: Turn,
): void => {
  const offered = offers.reduce<OfferRecord['resources']>((sum, { resources }) => add(sum, resources), []);
  const converted = subtract(remaining, offered);
  const declined = subtract(remaining, converted);
  recoverResources(master, framework, { agentId: agent.id, role, resources: converted }, undefined, turn.now);
  recoverResources(master, framework, { agentId: agent.id, role, resources: declined }, call.filters ?? {}, turn.now);
};

export function accept(master: MasterState, framework: FrameworkRecord, call: Call.Accept, turn: Turn): void {
  const offerIds = (call.offer_ids ?? []).map(({ value }) => value);
  const error = offersError(master, framework, offerIds);
  if (error !== undefined) return withInvalidOffers(master, framework, call, error, turn);
  const offers = offerIds.map((id) => master.offers.get(id)).filter((offer) => offer !== undefined);
  const first = offers[0];
  const agent = first && master.agents.get(first.agentId);
  if (first === undefined || agent === undefined) return;
  const { role } = first;
  // All are looked at before the first is done: what is unsound is told first.
  const operations = (call.operations ?? [])
    .filter((operation) => isSound(framework, operation, turn))
    .map((operation) => normalized(operation, role, framework.id));
  const accepted: Accepted = { master, framework, agent, role, remaining: [] };
  for (const offer of offers) {
    forgetOffer(master, offer);
    accepted.remaining = add(accepted.remaining, offer.resources);
  }
  for (const operation of operations) perform(accepted, operation, turn);
  giveBack(accepted, offers, call, turn);
}
