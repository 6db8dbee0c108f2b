export { startLocalCluster, type LocalCluster } from './cluster/local-cluster.js';
export { OptionError, type LocalClusterOptions } from './cluster/options.js';
export { FaultError, faultNames, type FaultName, type FaultRequest } from './cluster/fault-request.js';
