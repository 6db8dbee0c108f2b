import type { OfferConstraints, OfferFilters } from '@streams-on-mesos/mesos';
import type { Subscription } from '@streams-on-mesos/messages';
import type { DriverState } from '../domain/driver-state.js';
import type { OutstandingInverseOffer } from '../domain/inverse-offers/outstanding-inverse-offers.js';
import { wantsOffers } from '../domain/roles/role-directives.js';

/** What GET /api/v1/state answers. docs/openapi/offer-service.yaml describes it. */
export interface StateView {
  readonly term: number;
  readonly framework_id: string | null;
  readonly master: string | null;
  readonly subscription: Subscription | null;
  readonly subscribed_at_ms: number | null;
  /** allocation-service's term in force. */
  readonly allocation_term: number | null;
  readonly broker_up: boolean;
  readonly roles: readonly {
    readonly role: string;
    readonly wanted: boolean;
    readonly told: 'wanted' | 'suppressed' | null;
    readonly min_allocatable: OfferFilters.MinAllocatableResources | null;
    readonly constraints: OfferConstraints.RoleConstraints | null;
  }[];
  readonly offer_needs: 'in_force' | 'being_told' | 'refused' | 'unsupported';
  readonly offers: readonly {
    readonly id: string;
    readonly agent_id: string;
    readonly hostname: string;
    readonly role: string;
    readonly allocation_term: number;
    readonly age_ms: number;
  }[];
  /** What Mesos asks back for maintenance and nobody has answered yet. */
  readonly inverse_offers: readonly {
    readonly id: string;
    readonly agent_id: string | null;
    readonly start_ms: number;
    readonly duration_ms: number | null;
    readonly age_ms: number;
  }[];
  readonly updates: { readonly held: number; readonly in_flight: number; readonly retried_at_ms: number | null };
}

export const stateView = (state: DriverState, now: number): StateView => ({
  term: state.term,
  framework_id: state.subscription?.frameworkId ?? null,
  master: state.subscription?.master ?? null,
  subscription: state.subscription?.id ?? null,
  subscribed_at_ms: state.subscription?.since ?? null,
  allocation_term: state.allocation.term ?? null,
  broker_up: state.brokerUp,
  roles: state.settings.roles.map((role) => ({
    role,
    wanted: wantsOffers(state, role),
    told: state.roles.told.get(role) ?? null,
    min_allocatable: state.needs.told?.filters[role]?.min_allocatable_resources ?? null,
    constraints: state.needs.told?.constraints[role] ?? null,
  })),
  offer_needs: offerNeeds(state),
  offers: [...state.offers.outstanding.values()].map((offer) => ({
    id: offer.id,
    agent_id: offer.agentId,
    hostname: offer.hostname,
    role: offer.role,
    allocation_term: offer.allocationTerm,
    age_ms: now - offer.handedAt,
  })),
  inverse_offers: [...state.inverseOffers.values()].map((one) => inverseOfferView(one, now)),
  updates: { held: state.updates.held, in_flight: state.updates.inFlight.size, retried_at_ms: state.updates.retries.queue.until || null },
});

const inverseOfferView = (
  { offer: { id, agent_id: agent, unavailability }, receivedAt }: OutstandingInverseOffer,
  now: number,
): StateView['inverse_offers'][number] => ({
  id: id.value,
  agent_id: agent?.value ?? null,
  start_ms: Math.round(Number(unavailability.start.nanoseconds) / 1e6),
  duration_ms: unavailability.duration === undefined ? null : Math.round(unavailability.duration.nanoseconds / 1e6),
  age_ms: now - receivedAt,
});

const offerNeeds = ({ needs }: DriverState): StateView['offer_needs'] => {
  if (!needs.master.takesUpdates) return 'unsupported';
  if (needs.told !== undefined && !needs.inFlight && needs.refused?.lifted !== true) return 'in_force';
  return needs.refused === undefined ? 'being_told' : 'refused';
};
