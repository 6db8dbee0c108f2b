import type { InverseOffer } from '@streams-on-mesos/mesos';
import type { Context } from '../context.js';
import { log, sendCall } from '../context.js';
import type { InverseOffersEvent } from '../events.js';
import { takeNew } from '../matching/offers.js';
import type { Resource, State } from '../model.js';
import { sameSubscription } from '../positions.js';
import { isScaled, resourceOf } from '../resources.js';
import { announce, callOff, resourcesOn } from './announced.js';
import { windowOf } from './window.js';

/**
 * Mesos asks for agents back. Accepting is "a best-effort promise by the framework to free all the resources contained in the
 * inverse offer before the start of the unavailability interval" (docs/maintenance.md, "Draining mode"). Nothing of ours, what is
 * being stopped, and scaled nodes, which are replaced elsewhere when the window is near, can be promised. What a client has or
 * waits for cannot: it is told, and it alone can give it back. Then Mesos's operator hears DECLINE, which stops nobody. Mesos
 * asks again after a while, so the answer follows what becomes of it.
 */
export const onInverseOffers = (context: Context, { subscription, inverseOffers }: InverseOffersEvent): void => {
  const { leader } = context.state;
  // Those of another subscription are void; what comes before the answer to a hello comes again after it.
  if (!leader.connected || !sameSubscription(subscription, leader.subscription)) return;
  const accepted: string[] = [];
  const declined: string[] = [];
  for (const offer of takeNew(context, inverseOffers)) (isAcceptable(context, offer) ? accepted : declined).push(offer.id.value);
  const { inverseOfferRefusalSecs: refuse_seconds } = context.state.settings;
  if (accepted.length > 0) sendCall(context, { accept_inverse_offers: { inverse_offer_ids: accepted, refuse_seconds } }, TRACE);
  if (declined.length > 0) sendCall(context, { decline_inverse_offers: { inverse_offer_ids: declined, refuse_seconds } }, TRACE);
};

const TRACE = 'inverse-offers';

/** One that names no agent is about all that the framework has (mesos.proto, InverseOffer). */
const isAcceptable = (context: Context, { id, agent_id: agent, unavailability }: InverseOffer): boolean => {
  const { state } = context;
  const window = windowOf(unavailability);
  const announced = agent === undefined ? undefined : announce(context, agent.value, window, id.value);
  const inTheWay = (agent === undefined ? everyResource(state) : resourcesOn(state, agent.value)).filter(isClients);
  const answer = inTheWay.length === 0 ? 'ACCEPT' : 'DECLINE';
  if (announced === undefined || announced.answer !== answer) {
    const reason = answer === 'ACCEPT' ? 'no client has anything there' : 'clients have not given back what they have there';
    const resources = inTheWay.slice(0, 20).map((resource) => resource.id);
    log(context, 'info', 'an agent is asked back for maintenance', { agent: agent?.value, ...window, answer, reason, resources });
  }
  if (announced !== undefined) announced.answer = answer;
  return answer === 'ACCEPT';
};

const everyResource = (state: State): Resource[] => [...state.tasks.values()].flatMap((task) => resourceOf(state, task) ?? []);

/** Somebody else than this service has to let go of it. */
const isClients = (resource: Resource): boolean => !isScaled(resource) && resource.state !== 'STOPPING';

/** Mesos takes inverse offers back; one that comes late, behind this, is passed over. */
export const onRescindedInverseOffers = (context: Context, ids: readonly string[]): void => {
  const { handledOffers, maintenance } = context.state.leader;
  const rescinded = new Set(ids);
  for (const id of rescinded) handledOffers.add(id, context.now);
  for (const [agentId, { inverseOfferId }] of maintenance) if (rescinded.has(inverseOfferId ?? '')) callOff(context, agentId);
};
