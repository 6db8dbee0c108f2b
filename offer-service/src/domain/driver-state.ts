import type { Subscription } from '@streams-on-mesos/messages';
import type { AllocationInForce } from './allocation-in-force.js';
import type { CallLedger } from './calls/call-ledger.js';
import type { DriverSettings } from './driver-settings.js';
import type { OutstandingInverseOffers } from './inverse-offers/outstanding-inverse-offers.js';
import type { MissedUpdates } from './updates/missed-updates.js';
import type { NeedDirectives } from './roles/need-directives.js';
import type { OutstandingOffers } from './offers/outstanding-offers.js';
import type { PacedCalls } from './calls/paced-calls.js';
import type { RoleDirectives } from './roles/role-directives.js';
import type { UpdateFlow } from './updates/update-flow.js';

/** The subscription that is current. */
export interface CurrentSubscription {
  readonly id: Subscription;
  readonly frameworkId: string;
  readonly master?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** All that one leadership of offer-service knows. Nothing of it outlives the leadership. */
export interface DriverState {
  readonly settings: DriverSettings;
  /** offer-service's own election number. */
  readonly term: number;
  /** Of the newest subscription; 0 before the first. */
  counter: number;
  subscription: CurrentSubscription | undefined;
  brokerUp: boolean;
  readonly allocation: AllocationInForce;
  readonly offers: OutstandingOffers;
  readonly inverseOffers: OutstandingInverseOffers;
  readonly roles: RoleDirectives;
  readonly needs: NeedDirectives;
  readonly calls: CallLedger;
  readonly paced: PacedCalls;
  readonly updates: UpdateFlow;
  readonly missed: MissedUpdates;
}
