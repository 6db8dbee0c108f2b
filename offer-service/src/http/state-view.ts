import type { Subscription } from '@streams-on-mesos/messages';
import type { DriverState } from '../domain/driver-state.js';
import { wantsOffers } from '../domain/role-directives.js';

/** What GET /api/v1/state answers. docs/openapi/offer-service.yaml describes it. */
export interface StateView {
  readonly term: number;
  readonly framework_id: string | null;
  readonly master: string | null;
  readonly subscription: Subscription | null;
  /** allocation-service's term in force. */
  readonly allocation_term: number | null;
  readonly broker_up: boolean;
  readonly roles: readonly { readonly role: string; readonly wanted: boolean; readonly told: 'wanted' | 'suppressed' | null }[];
  readonly offers: readonly {
    readonly id: string;
    readonly agent_id: string;
    readonly hostname: string;
    readonly role: string;
    readonly allocation_term: number;
    readonly age_ms: number;
  }[];
  readonly updates: { readonly held: number; readonly in_flight: number };
}

export const stateView = (state: DriverState, now: number): StateView => ({
  term: state.term,
  framework_id: state.subscription?.frameworkId ?? null,
  master: state.subscription?.master ?? null,
  subscription: state.subscription?.id ?? null,
  allocation_term: state.allocation.term ?? null,
  broker_up: state.brokerUp,
  roles: state.settings.roles.map((role) => ({ role, wanted: wantsOffers(state, role), told: state.roles.told.get(role) ?? null })),
  offers: [...state.offers.outstanding.values()].map((offer) => ({
    id: offer.id,
    agent_id: offer.agentId,
    hostname: offer.hostname,
    role: offer.role,
    allocation_term: offer.allocationTerm,
    age_ms: now - offer.handedAt,
  })),
  updates: { held: state.updates.held, in_flight: state.updates.inFlight.size },
});
