import { randomUUID } from 'node:crypto';
import { createLogger, createMetrics, loadConfiguration } from '@streams-on-mesos/service';
import { inject, onTestFinished } from 'vitest';
import { startBridge } from '../bridge.js';
import { settings } from '../settings.js';
import { AllocationOnTheWire } from './allocation-on-the-wire.js';

export const client = {
  clientId: 'controller',
  clientName: 'controller',
  domainId: 'StreamsDomain',
  zkConnect: 'zk:2181',
  installPath: '/opt',
};

export interface BridgeUnderTest {
  readonly url: string;
  readonly frameworkName: string;
  readonly allocation: AllocationOnTheWire;
  /** As SIGTERM does. */
  stop(): void;
}

/** A bridge on the real broker and ZooKeeper, with a framework of its own; it ends with the test. */
export const bridgeUnderTest = async (env: Readonly<Record<string, string>> = {}): Promise<BridgeUnderTest> => {
  const frameworkName = `bridge-${randomUUID()}`;
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const allocation = new AllocationOnTheWire(inject('rabbitmqUrl'), frameworkName, stopping.signal);
  const config = loadConfiguration(settings, [], {
    FRAMEWORK_NAME: frameworkName,
    RABBITMQ_URL: inject('rabbitmqUrl'),
    ZOOKEEPER: inject('zookeeper'),
    ...env,
  });
  const { url } = await startBridge({
    config,
    logger: createLogger('streams-bridge', process.env['TEST_LOG_LEVEL'] ?? 'silent'),
    signal: stopping.signal,
    metrics: createMetrics('streams-bridge'),
    version: '1.2.3',
  });
  await allocation.connected();
  return { url, frameworkName, allocation, stop: () => stopping.abort() };
};
