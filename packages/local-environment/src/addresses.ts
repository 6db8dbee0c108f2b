import { join } from 'node:path';
import type { RunDirectory } from './run-directory.js';
import { readRecord, type Ports } from './run-record.js';

/** Where everything of a running environment answers. */
export interface Addresses {
  /** host:port */
  readonly zookeeper: string;
  readonly rabbitmqUrl: string;
  /** zk://host:port/mesos */
  readonly mesosMaster: string;
  readonly mesosUrl: string;
  readonly marathonUrl: string;
  /** Where Mesos's fetcher finds the services' tarballs. */
  readonly artifactBase: string;
}

export const addressesOf = (run: RunDirectory, ports: Ports): Addresses => ({
  zookeeper: `127.0.0.1:${ports.zookeeper}`,
  rabbitmqUrl: `amqp://127.0.0.1:${ports.amqp}`,
  mesosMaster: `zk://127.0.0.1:${ports.zookeeper}/mesos`,
  mesosUrl: `http://127.0.0.1:${ports.mesos}`,
  marathonUrl: `http://127.0.0.1:${ports.marathon}`,
  artifactBase: `file://${encodeURI(join(run.path, 'artifacts'))}`,
});

/** The addresses of a run that was started by another command, or undefined when it was not. */
export const recordedAddresses = (run: RunDirectory): Addresses | undefined => {
  const record = readRecord(run);
  return record === undefined ? undefined : addressesOf(run, record.ports);
};
