import { randomUUID } from 'node:crypto';
import { topologyOf } from '@streams-on-mesos/messages';
import {
  AmqpConnection,
  componentLogger,
  frameworkPaths,
  InstanceRegistration,
  readSecretFile,
  retryUntilDone,
  startHttp,
  ZooKeeperConnection,
  type HttpServer,
  type Logger,
  type ServiceContext,
} from '@streams-on-mesos/service';
import { Router } from 'express';
import { AllocationClient } from './amqp/allocation-client.js';
import { Adapter } from './adapter/adapter.js';
import { ClientEventCopies } from './amqp/client-event-copies.js';
import { consumeHooks } from './amqp/hooks.js';
import { ProtocolErrors } from './domain/protocol-error.js';
import { protocolErrorHandler } from './http/error-handler.js';
import { notificationRoutes } from './http/notification-routes.js';
import { resourceManagerRoutes } from './http/resource-manager-routes.js';
import { AllocationRequests } from './operations/allocation-requests.js';
import { askAllocation } from './operations/ask-allocation.js';
import { ControllerHooks } from './operations/controller-hooks.js';
import { NotificationFeed } from './operations/notification-feed.js';
import { ResourceManager } from './operations/resource-manager.js';
import type { BridgeConfig, settings } from './settings.js';

export const SERVICE = 'streams-bridge';

export interface BridgeContext extends ServiceContext<typeof settings> {
  readonly version: string;
}

/** Starts an instance; it serves at once, and says on /readyz what it still misses. Ends when the context's signal aborts. */
export const startBridge = async ({ config, logger, signal, metrics, version }: BridgeContext): Promise<HttpServer> => {
  const errors = new ProtocolErrors(config.resourceType);
  const topology = topologyOf(config.frameworkName);
  const amqp = AmqpConnection.connect({
    url: config.rabbitmqUrl,
    topology,
    logger,
    signal,
    heartbeatSecs: Math.max(1, Math.floor(config.zookeeperSessionTimeoutSecs / 2)),
    metrics,
  });
  const timeoutMs = config.requestTimeoutSecs * 1000;
  const ask = askAllocation(new AllocationClient({ amqp, queue: topology.requests, timeoutMs, logger, signal }), errors);
  const copies = new ClientEventCopies(amqp, { signal });
  const requests = new AllocationRequests(ask, copies, signal);
  const manager = new ResourceManager({ config, errors, ask, requests, version });
  const feed = new NotificationFeed(ask, copies, config.resourceType);

  consumeHooks({ amqp, topology, hooks: controllerHooks(config), logger, signal });

  const routes = Router();
  routes.use(resourceManagerRoutes({ manager, errors, resourceType: config.resourceType, logger }));
  routes.use(notificationRoutes(feed, errors, signal));
  routes.use('/resourcemgr', protocolErrorHandler(errors, logger));

  let registered: ZooKeeperConnection | undefined;
  const readiness = () => {
    const reasons = [
      ...(amqp.connected ? [] : ['RabbitMQ is not connected (RABBITMQ_URL)']),
      ...(registered?.connected === true ? [] : ['ZooKeeper is not connected (ZOOKEEPER)']),
    ];
    return { ready: reasons.length === 0, role: 'active', reasons };
  };
  const server = await startHttp({ config, logger, metrics, signal, readiness, routes });
  void register(config, server.url, logger, signal).then(
    (zookeeper) => (registered = zookeeper),
    () => undefined,
  );
  return server;
};

const controllerHooks = (config: BridgeConfig): ControllerHooks => {
  const { adapterUrl: url, adapterTokenFile: tokenFile } = config;
  const token = tokenFile === undefined ? undefined : readSecretFile('ADAPTER_TOKEN_FILE', tokenFile);
  return new ControllerHooks({
    adapter: url === undefined ? undefined : new Adapter({ url, token }),
    defaults: {
      resourceType: config.resourceType,
      domainId: config.streamsDomainId,
      zkConnect: config.streamsZkConnect,
      installPath: config.streamsInstallPath,
    },
  });
};

/** Makes this instance known to the Makefile and the command line; rejects only when `signal` aborts. */
const register = async (config: BridgeConfig, url: string, logger: Logger, signal: AbortSignal): Promise<ZooKeeperConnection> => {
  const log = componentLogger(logger, 'zookeeper');
  const attempt = <T>(what: string, run: () => Promise<T>): Promise<T> => retryUntilDone(run, { what, logger: log, signal });
  const sessionTimeoutMs = config.zookeeperSessionTimeoutSecs * 1000;
  const zookeeper = await attempt('connect to ZooKeeper', () =>
    ZooKeeperConnection.connect(config.zookeeper, { sessionTimeoutMs, logger, signal }),
  );
  const instance = { id: `${SERVICE}-${randomUUID()}`, service: SERVICE, url, role: 'active' } as const;
  await attempt('register in ZooKeeper', () => InstanceRegistration.register(zookeeper, frameworkPaths(config.frameworkName), instance));
  return zookeeper;
};
