export { freePorts, preferPort } from './ports.js';
export type { Part } from './part.js';
export { startRabbitMq, type RabbitMqPart, type RabbitMqPorts } from './rabbitmq.js';
export { startZooKeeper, type ZooKeeperPart } from './zookeeper.js';
export { until, WaitTimeout, Fatal } from './wait.js';
export { processesOfRun, RUN_MARKER } from './processes.js';
