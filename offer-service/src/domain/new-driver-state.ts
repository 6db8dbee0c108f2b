import { noAllocation } from './allocation-in-force.js';
import { emptyLedger } from './calls/call-ledger.js';
import type { DriverSettings } from './driver-settings.js';
import type { DriverState } from './driver-state.js';
import { noInverseOffers } from './inverse-offers/outstanding-inverse-offers.js';
import { noMissedUpdates } from './updates/missed-updates.js';
import { noNeedsTold } from './roles/need-directives.js';
import { noOffers } from './offers/outstanding-offers.js';
import { nothingPaced } from './calls/paced-calls.js';
import { nothingTold } from './roles/role-directives.js';
import { noUpdates } from './updates/update-flow.js';

/** What a leadership begins with. */
export const newDriverState = (term: number, settings: DriverSettings): DriverState => ({
  settings,
  term,
  counter: 0,
  subscription: undefined,
  brokerUp: false,
  allocation: noAllocation(),
  offers: noOffers(settings.offersRemembered),
  inverseOffers: noInverseOffers(),
  roles: nothingTold(settings),
  needs: noNeedsTold(settings),
  calls: emptyLedger(settings.callsRemembered),
  paced: nothingPaced(),
  updates: noUpdates(),
  missed: noMissedUpdates(),
});
