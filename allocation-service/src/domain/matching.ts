import type { Offer, Resource as MesosResource } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';
import type { Context } from './context.js';
import { after } from './context.js';
import type { Request, Resource, State } from './model.js';
import { FreeQuantities } from './quantities.js';

/** One resource on one offer: what it gets, and the offer's entries that it gets it from. */
export interface Match {
  readonly resource: Resource;
  readonly quantities: Quantities;
  readonly entries: MesosResource[];
}

/** An offer and all that is launched on it, in one ACCEPT. */
export interface OfferUse {
  readonly offer: Offer;
  readonly matches: Match[];
}

interface OpenOffer extends OfferUse {
  readonly free: FreeQuantities;
}

const open = (state: State, offer: Offer): OpenOffer => ({
  offer,
  matches: [],
  free: new FreeQuantities(offer, offer.allocation_info?.role ?? state.settings.roles[0] ?? '*'),
});

/** Who asked first is served first. */
const inOrder = (state: State): Request[] => [...state.waiting].sort((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1));

const eligible = (request: Request, now: number): Resource[] =>
  [...request.waiting].filter((resource) => resource.notBefore <= now).sort((a, b) => a.number - b.number);

/**
 * First fit with packing: each waiting resource goes to the first offer with room for it, so that several may share
 * one. Agents that a request avoids come last, the one avoided longest ago first, and only after the request has waited
 * for others for a while: the offer of an agent on which tasks just died is often the first to arrive.
 */
export const matchOffers = (context: Context, offers: readonly Offer[]): OfferUse[] => {
  const { state } = context;
  const uses = offers.map((offer) => open(state, offer));
  for (const request of inOrder(state)) matchRequest(context, request, uses);
  return uses;
};

const matchRequest = (context: Context, request: Request, uses: readonly OpenOffer[]): void => {
  const { avoided } = request;
  const welcome = uses.filter(({ offer }) => !avoided.has(offer.agent_id.value));
  const left = place(context, eligible(request, context.now), welcome);
  const [first] = left;
  if (first === undefined || welcome.length === uses.length) return;
  const avoidedAt = ({ offer }: OpenOffer): number => avoided.get(offer.agent_id.value) ?? 0;
  const unwelcome = uses.filter(({ offer }) => avoided.has(offer.agent_id.value)).sort((a, b) => avoidedAt(a) - avoidedAt(b));
  const { wholeOfferFloor } = context.state.settings;
  if (!unwelcome.some(({ free }) => free.fit(first.requested, wholeOfferFloor) !== undefined)) return;
  if (mayUseAvoided(context, request)) place(context, left, unwelcome);
};

/** Starts the wait for agents that are not avoided, or says that it is over. */
const mayUseAvoided = (context: Context, request: Request): boolean => {
  const { state, now } = context;
  const wait = state.settings.avoidedAgentSecs;
  if (request.heldBackSince === undefined) {
    request.heldBackSince = now;
    state.timers.set(`held-back:${request.key}`, after(context, wait));
  }
  return now - request.heldBackSince >= wait * 1000;
};

/** Places resources of one request, hence of one size; returns those that found no room. */
const place = (context: Context, resources: readonly Resource[], uses: readonly OpenOffer[]): Resource[] => {
  const { wholeOfferFloor } = context.state.settings;
  const left: Resource[] = [];
  let next = 0;
  for (const resource of resources) {
    const fit = (): Quantities | undefined => uses[next]?.free.fit(resource.requested, wholeOfferFloor);
    let quantities = fit();
    // What had no room for one resource has none for the next of the same size.
    while (quantities === undefined && next < uses.length) {
      next += 1;
      quantities = fit();
    }
    const use = uses[next];
    if (use === undefined || quantities === undefined) left.push(resource);
    else use.matches.push({ resource, quantities, entries: use.free.take(quantities) });
  }
  return left;
};
