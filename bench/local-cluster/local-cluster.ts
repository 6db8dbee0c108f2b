import type { Bench } from '../figure.js';
import { allocationCycle } from './allocation-cycle.js';
import { encodeOffers } from './encode-offers.js';
import { launchTasks } from './launch-tasks.js';

/** How much of a benchmark that runs against the local cluster is the local cluster itself; 10,000 agents. */
export const localCluster: Bench = async () => [...encodeOffers(), allocationCycle(), await launchTasks()];
