import type { Subscription } from '@streams-on-mesos/messages';
import { desiredInForce, noAllocation, type AllocationInForce } from './allocation-in-force.js';
import { emptyLedger, type CallLedger } from './call-ledger.js';
import type { DriverSettings } from './driver-settings.js';
import { noMissedUpdates, type MissedUpdates } from './missed-updates.js';
import { noOffers, type OutstandingOffers } from './outstanding-offers.js';
import { nothingPaced, type PacedCalls } from './paced-calls.js';
import { nothingTold, type RoleDirectives } from './role-directives.js';
import { noUpdates, type UpdateFlow } from './update-flow.js';

/** The subscription that is current. */
export interface CurrentSubscription {
  readonly id: Subscription;
  readonly frameworkId: string;
  readonly master?: string | undefined;
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
  readonly roles: RoleDirectives;
  readonly calls: CallLedger;
  readonly paced: PacedCalls;
  readonly updates: UpdateFlow;
  readonly missed: MissedUpdates;
}

export const newDriverState = (term: number, settings: DriverSettings): DriverState => ({
  settings,
  term,
  counter: 0,
  subscription: undefined,
  brokerUp: false,
  allocation: noAllocation(),
  offers: noOffers(settings.offersRemembered),
  roles: nothingTold(settings),
  calls: emptyLedger(settings.callsRemembered),
  paced: nothingPaced(),
  updates: noUpdates(),
  missed: noMissedUpdates(),
});

/** Whether offers of this role have a taker now. */
export const wantsOffers = ({ brokerUp, allocation }: DriverState, role: string): boolean =>
  brokerUp && desiredInForce(allocation)?.roles?.some((each) => each.role === role && each.wanted) === true;

/** What a SUBSCRIBE call that leaves now has to carry: all roles, until somebody says that it wants offers. */
export const suppressedRoles = (state: DriverState): string[] => state.settings.roles.filter((role) => !wantsOffers(state, role));
