export { startLocalCluster, type LocalCluster } from './cluster/local-cluster.js';
export type { LocalClusterOptions } from './cluster/options.js';
export { FaultError, faultNames, type FaultName, type FaultRequest } from './cluster/faults.js';
