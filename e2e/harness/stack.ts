import { openRun, startEnvironment, type Addresses, type Environment } from '@streams-on-mesos/local-environment';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { ownParts } from '../global-setup.js';
import { AllocationClient } from './allocation-client.js';
import { BridgeClient } from './bridge-client.js';
import { MesosObserver } from './mesos-observer.js';
import { ServiceProcess, serviceNames, type ServiceName } from './service-process.js';

export interface StackOptions {
  readonly encoding?: 'protobuf' | 'json';
  /** How offer-service is told where Mesos is. */
  readonly master?: 'zookeeper' | 'address';
  /** Further settings of the services, by environment variable. */
  readonly settings?: Record<string, string>;
}

/** The three services over the suite's broker, ZooKeeper and Mesos, as a framework of their own. */
export interface Stack {
  readonly frameworkName: string;
  readonly addresses: Addresses;
  readonly services: Record<ServiceName, ServiceProcess>;
  readonly allocation: AllocationClient;
  readonly bridge: BridgeClient;
  readonly mesos: MesosObserver;
  /** The suite's parts, to break them on purpose. */
  environment(): Promise<Environment>;
  close(): Promise<void>;
}

export const openStack = async (options: StackOptions = {}): Promise<Stack> => {
  const addresses = inject('addresses');
  const runDirectory = inject('runDirectory');
  const frameworkName = `e2e-${randomBytes(4).toString('hex')}`;
  const mesosMaster = options.master === 'address' ? addresses.mesosUrl.replace(/^http:\/\//, '') : addresses.mesosMaster;
  const environment: Record<string, string> = {
    FRAMEWORK_NAME: frameworkName,
    MESOS_MASTER: mesosMaster,
    MESOS_ENCODING: options.encoding ?? 'protobuf',
    ZOOKEEPER: addresses.zookeeper,
    RABBITMQ_URL: addresses.rabbitmqUrl,
    WAIT_ALLOCATED_SECS: '1',
    LOG_LEVEL: 'debug',
    ...options.settings,
  };
  const processes = await Promise.all(
    serviceNames.map(
      async (name) => [name, await ServiceProcess.create(name, join(runDirectory, frameworkName), runDirectory, environment)] as const,
    ),
  );
  const services = Object.fromEntries(processes) as Record<ServiceName, ServiceProcess>;
  const mesos = new MesosObserver(addresses.mesosUrl, frameworkName);
  await Promise.all(processes.map(([, service]) => service.start()));
  return {
    frameworkName,
    addresses,
    services,
    mesos,
    allocation: new AllocationClient(services['allocation-service'].url),
    bridge: new BridgeClient(services['streams-bridge'].url),
    environment: () =>
      startEnvironment({
        run: openRun(runDirectory),
        agents: 3,
        wellKnownPorts: false,
        ...(inject('externalMesos') ? { parts: ownParts } : {}),
      }),
    close: async () => {
      mesos.close();
      await Promise.all(processes.map(([, service]) => service.stop()));
      await mesos.teardown();
    },
  };
};
