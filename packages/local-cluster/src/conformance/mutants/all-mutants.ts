import { drainingAndGoneMutants } from './draining-and-gone.js';
import { fairnessMutants } from './fairness.js';
import { frameworkMutants } from './frameworks.js';
import { groupAndAgentMutants } from './groups-and-agents.js';
import type { Mutant } from './mutant.js';
import { offerMutants } from './offers.js';
import { operatorMutants } from './operator.js';
import { requestMutants } from './requests.js';
import { reservationAndMaintenanceMutants } from './reservations-and-maintenance.js';
import { severalMastersMutants } from './several-masters.js';
import { taskMutants } from './tasks.js';

export const allMutants: readonly Mutant[] = [
  ...requestMutants,
  ...frameworkMutants,
  ...offerMutants,
  ...fairnessMutants,
  ...taskMutants,
  ...groupAndAgentMutants,
  ...reservationAndMaintenanceMutants,
  ...operatorMutants,
  ...drainingAndGoneMutants,
  ...severalMastersMutants,
];
