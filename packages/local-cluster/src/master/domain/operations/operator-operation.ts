// RESERVE and UNRESERVE by the operator (src/master/http.cpp: _reserve, _unreserve, _operation; master.cpp, Master::apply).
import type { Offer } from '../../../generated/protocol.js';
import { upgradeResource } from '../../../resources/resource-format.js';
import { resourcesError } from '../../../resources/resource-validation.js';
import { contains, fromWire, isSame, subtract, type Resources } from '../../../resources/resources.js';
import { popReservation } from '../../../resources/reservations.js';
import { discardOffer } from '../allocator/offers.js';
import type { AgentRecord, MasterState, OfferRecord } from '../master-state.js';
import { sendEvent, type Turn } from '../turn.js';
import { reserveError, unreserveError } from '../validation/operation-validation.js';
import { convert } from '../../../resources/conversions.js';
import { applyOperation } from './operations.js';

export interface OperationAnswer {
  readonly status: number;
  readonly body?: string;
}

const upgraded = ({ type, reserve, unreserve }: Offer.Operation): Offer.Operation => ({
  type,
  ...(reserve === undefined ? {} : { reserve: { ...reserve, resources: (reserve.resources ?? []).map(upgradeResource) } }),
  ...(unreserve === undefined ? {} : { unreserve: { ...unreserve, resources: (unreserve.resources ?? []).map(upgradeResource) } }),
});

const listOf = ({ reserve, unreserve }: Offer.Operation) => (reserve ?? unreserve)?.resources ?? [];

const validationError = (
  { reserve, unreserve }: Offer.Operation,
  agent: AgentRecord,
  principal: string | undefined,
): string | undefined => {
  if (reserve !== undefined) {
    const error = reserveError(reserve, { principal, roles: undefined });
    return error && `Invalid RESERVE operation on agent ${agent.id} at ${agent.pid} (${agent.info.hostname}): ${error}`;
  }
  const error = unreserve && unreserveError(unreserve);
  return error && `Invalid UNRESERVE operation: ${error}`;
};

const consumed = ({ reserve, unreserve }: Offer.Operation): Resources =>
  reserve === undefined ? fromWire(unreserve?.resources) : popReservation(fromWire(reserve.resources));

/** For so long it is not offered to the same framework, so that the operation comes first. */
const DEFAULT_FILTERS = {};

const rescind = (master: MasterState, offer: OfferRecord, turn: Turn): void => {
  const framework = master.frameworks.get(offer.frameworkId);
  discardOffer(master, offer, DEFAULT_FILTERS, turn.now);
  if (framework !== undefined) sendEvent(framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } }, turn);
};

/** Takes back as many offers as the operation needs, whatever is free besides: one after the other, as far as they help. */
const rescindFor = (master: MasterState, agent: AgentRecord, needed: Resources, turn: Turn): void => {
  let missing = needed;
  for (const offer of [...agent.offers.values()]) {
    const rest = subtract(missing, offer.resources);
    if (isSame(rest, missing)) continue;
    rescind(master, offer, turn);
    missing = rest;
    if (missing.length === 0 || contains([], missing)) return;
  }
};

/** 202: it is on its way to the agent. */
export function operatorOperation(
  master: MasterState,
  agentId: string,
  operation: Offer.Operation,
  principal: string | undefined,
  turn: Turn,
): OperationAnswer {
  const agent = master.agents.get(agentId);
  if (agent === undefined) return { status: 400, body: 'No agent found with specified ID' };
  const malformed = resourcesError(listOf(operation));
  if (malformed !== undefined) return { status: 400, body: malformed };
  const wanted = upgraded(operation);
  const invalid = validationError(wanted, agent, principal);
  if (invalid !== undefined) return { status: 400, body: invalid };
  rescindFor(master, agent, consumed(wanted), turn);
  const converted = convert(agent.available, undefined, wanted);
  if ('error' in converted) return { status: 409, body: converted.error };
  agent.available = converted.resources;
  applyOperation(master, agent, undefined, wanted, turn);
  return { status: 202 };
}
