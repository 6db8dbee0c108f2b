import type { ConformanceCase } from '../case.js';
import { acceptRefusedCases } from './accept-refused.js';
import { agentCases } from './agents.js';
import { checkCases } from './checks.js';
import { commandCases } from './commands.js';
import { decliningCases } from './declining.js';
import { drainingCases } from './draining.js';
import { failoverCases } from './failover.js';
import { fairnessCases } from './fairness.js';
import { frameworkInfoCases } from './framework-info.js';
import { goneCases } from './gone.js';
import { httpRequestCases } from './http-requests.js';
import { killingCases } from './killing.js';
import { launchingSlowlyCases } from './launching-slowly.js';
import { maintenanceCases } from './maintenance.js';
import { offerTimeoutCases } from './offer-timeout.js';
import { masterFailoverCases } from './master-failover.js';
import { masterSuccessorCases } from './master-successor.js';
import { operatorApiCases } from './operator-api.js';
import { operatorEndpointCases } from './operator-endpoints.js';
import { packingCases } from './packing.js';
import { reconcilingCases } from './reconciling.js';
import { redirectCases } from './redirects.js';
import { requestBodyCases } from './request-bodies.js';
import { reservationCases } from './reservations.js';
import { statusCases } from './statuses.js';
import { subscriptionCases } from './subscription.js';
import { taskGroupCases } from './task-groups.js';
import { taskRefusedCases } from './task-refused.js';
import { updateFrameworkCases } from './update-framework.js';

export const allCases: readonly ConformanceCase[] = [
  ...httpRequestCases,
  ...requestBodyCases,
  ...subscriptionCases,
  ...frameworkInfoCases,
  ...failoverCases,
  ...acceptRefusedCases,
  ...taskRefusedCases,
  ...packingCases,
  ...decliningCases,
  ...fairnessCases,
  ...updateFrameworkCases,
  ...statusCases,
  ...reconcilingCases,
  ...killingCases,
  ...checkCases,
  ...taskGroupCases,
  ...commandCases,
  ...launchingSlowlyCases,
  ...agentCases,
  ...offerTimeoutCases,
  ...reservationCases,
  ...maintenanceCases,
  ...drainingCases,
  ...operatorEndpointCases,
  ...operatorApiCases,
  ...redirectCases,
  // Last: agents and masters that come after have other ids.
  ...goneCases,
  ...masterFailoverCases,
  ...masterSuccessorCases,
];
