export { freePorts, preferPort } from './ports.js';
export { endProcess, startPart, type Part } from './part.js';
export { startRabbitMq, type RabbitMqPart, type RabbitMqPorts } from './rabbitmq.js';
export { startZooKeeper, type ZooKeeperPart } from './zookeeper.js';
export { startEnvironment, stopRun, publishArtifacts, type Addresses, type Environment, type PartName } from './environment.js';
export { checkout, ownRun, openRun, sweepLeftovers, type RunDirectory } from './run-directory.js';
export { until, WaitTimeout, Fatal } from './wait.js';
export { processesOfRun, RUN_MARKER } from './processes.js';
