export { startLocalCluster, type LocalCluster } from './local-cluster.js';
export type { LocalClusterOptions } from './options.js';
export { FaultError, faultNames, type FaultName, type FaultRequest } from './faults.js';
