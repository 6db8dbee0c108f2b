import { randomUUID } from 'node:crypto';
import { topologyOf } from '@streams-on-mesos/messages';
import {
  AmqpConnection,
  campaign,
  componentLogger,
  findInstances,
  frameworkPaths,
  InstanceRegistration,
  readMesosTls,
  retryUntilDone,
  startHttp,
  ZooKeeperConnection,
  type InstanceRole,
  type Leader,
  type ServiceContext,
} from '@streams-on-mesos/service';
import { defaultDriverSettings } from './domain/driver-settings.js';
import { DriverMetrics } from './driver-metrics.js';
import { routes } from './http/routes.js';
import { lead } from './lead.js';
import { checkMaster } from './mesos/check-master.js';
import { readCredentials } from './mesos/credentials.js';
import { frameworkInfo } from './mesos/framework-info.js';
import { warnOfPlainCredentials } from './mesos/plain-credentials.js';
import { readinessOf, type ServiceStatus } from './service-status.js';
import type { settings } from './settings.js';

const SERVICE = 'offer-service';

/** Brings the parts together and runs until `signal` aborts: then the subscription ends, and the tasks stay. */
export const runOfferService = async ({ config, logger, metrics: registry, signal }: ServiceContext<typeof settings>): Promise<void> => {
  const tls = readMesosTls(config);
  const scheme = tls === undefined ? 'http' : 'https';
  checkMaster(config.mesosMaster, scheme);
  const credentials = readCredentials(config);
  const instance = randomUUID();
  const paths = frameworkPaths(config.frameworkName);
  const topology = topologyOf(config.frameworkName);
  const sessionTimeoutMs = config.zookeeperSessionTimeoutSecs * 1_000;
  const status: ServiceStatus = { state: undefined, now: Date.now, standsDown: undefined };
  const metrics = new DriverMetrics(registry);
  const checkCredentials = credentials === undefined ? () => undefined : warnOfPlainCredentials(componentLogger(logger, 'mesos'));
  let zookeeper: ZooKeeperConnection | undefined;

  // Connections outlive `signal`, so that the end of the subscription is still announced.
  const closing = new AbortController();
  const amqp = AmqpConnection.connect({
    url: config.rabbitmqUrl,
    topology,
    logger,
    signal: closing.signal,
    heartbeatSecs: Math.max(1, Math.floor(config.zookeeperSessionTimeoutSecs / 2)),
    metrics: registry,
    name: `${SERVICE} ${instance}`,
  });

  const findLeader = async (): Promise<Leader> => {
    if (status.state !== undefined) return { self: true };
    if (zookeeper?.connected !== true) return { self: false };
    const others = await findInstances(zookeeper.session, paths, SERVICE);
    return { self: false, url: others.find(({ id, role }) => role === 'leader' && id !== instance)?.url };
  };

  try {
    const http = await startHttp({
      config,
      logger,
      metrics: registry,
      signal: closing.signal,
      readiness: () =>
        readinessOf(status, { zookeeper: zookeeper?.connected ?? false, broker: amqp.connected, brokerBlocked: amqp.blocked }),
      routes: routes(status),
      leader: findLeader,
    });

    const zookeeperLogger = componentLogger(logger, 'zookeeper');
    const connection = await retryUntilDone(
      () => ZooKeeperConnection.connect(config.zookeeper, { sessionTimeoutMs, logger: zookeeperLogger, signal: closing.signal }),
      { what: 'connect to ZooKeeper', logger: zookeeperLogger, signal },
    );
    zookeeper = connection;
    const registration = await retryUntilDone(
      () => InstanceRegistration.register(connection, paths, { id: instance, service: SERVICE, url: http.url, role: 'standby' }),
      { what: 'register this instance', logger: zookeeperLogger, signal },
    );
    const showRole = (role: InstanceRole): void => {
      registration.setRole(role).catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ error, role }, 'the registry does not show the role yet');
      });
    };

    await campaign({
      zookeeper: connection,
      path: paths.leaders(SERVICE),
      instance: http.url,
      logger,
      signal,
      lead: (leadership) => {
        showRole('leader');
        return lead(leadership, {
          zookeeper: connection,
          paths,
          amqp,
          topology,
          mesos: {
            master: config.mesosMaster,
            encoding: config.mesosEncoding,
            recordLimitBytes: config.mesosRecordLimitMb * 1024 * 1024,
            credentials,
            tls,
            scheme,
            onFrameworkRemoved: config.onFrameworkRemoved,
            zookeeperSessionTimeoutMs: sessionTimeoutMs,
          },
          frameworkInfo: frameworkInfo(config, http.url),
          driverSettings: { ...defaultDriverSettings, roles: config.mesosRoles, offerHoldMs: config.offerHoldSecs * 1_000 },
          checkCredentials,
          metrics,
          status,
          logger,
        }).finally(() => showRole('standby'));
      },
    });
  } finally {
    // the end of the session takes this instance out of the registry
    await Promise.all([amqp.close(), zookeeper?.close()]);
    closing.abort();
  }
};
