import type { Subscription } from '@streams-on-mesos/messages';
import { wantsOffers, type DriverState } from '../domain/driver-state.js';

/** What GET /api/v1/state answers. Times are milliseconds. */
export interface StateView {
  readonly term: number;
  readonly frameworkId: string | null;
  readonly master: string | null;
  readonly subscription: Subscription | null;
  /** allocation-service's term in force. */
  readonly allocationTerm: number | null;
  readonly brokerUp: boolean;
  readonly roles: readonly { readonly role: string; readonly wanted: boolean; readonly told: 'wanted' | 'suppressed' | null }[];
  readonly offers: readonly {
    readonly id: string;
    readonly agentId: string;
    readonly hostname: string;
    readonly role: string;
    readonly allocationTerm: number;
    readonly ageMs: number;
  }[];
  readonly updates: { readonly held: number; readonly inFlight: number };
}

export const stateView = (state: DriverState, now: number): StateView => ({
  term: state.term,
  frameworkId: state.subscription?.frameworkId ?? null,
  master: state.subscription?.master ?? null,
  subscription: state.subscription?.id ?? null,
  allocationTerm: state.allocation.term ?? null,
  brokerUp: state.brokerUp,
  roles: state.settings.roles.map((role) => ({ role, wanted: wantsOffers(state, role), told: state.roles.told.get(role) ?? null })),
  offers: [...state.offers.outstanding.values()].map(({ handedAt, ...offer }) => ({ ...offer, ageMs: now - handedAt })),
  updates: { held: state.updates.held, inFlight: state.updates.inFlight.size },
});
