import { randomUUID } from 'node:crypto';
import { topologyOf } from '@streams-on-mesos/messages';
import {
  AmqpConnection,
  campaign,
  componentLogger,
  findInstances,
  frameworkPaths,
  InstanceRegistration,
  retryUntilDone,
  runService,
  startHttp,
  ZooKeeperConnection,
} from '@streams-on-mesos/service';
import { defaultDriverSettings } from './domain/driver-settings.js';
import { DriverMetrics } from './driver-metrics.js';
import { routes } from './http/routes.js';
import { lead } from './lead.js';
import { readCredentials } from './mesos/credentials.js';
import { frameworkInfo } from './mesos/framework-info.js';
import { readinessOf, type ServiceStatus } from './service-status.js';
import { settings } from './settings.js';

const SERVICE = 'offer-service';

runService({
  name: SERVICE,
  settings,
  run: async ({ config, logger, metrics: registry, signal }) => {
    const credentials = readCredentials(config);
    const paths = frameworkPaths(config.frameworkName);
    const topology = topologyOf(config.frameworkName);
    const status: ServiceStatus = { state: undefined, standsDown: undefined };
    const metrics = new DriverMetrics(registry);
    // outlives `signal`: the end of the subscription is still announced
    const closing = new AbortController();
    const amqp = AmqpConnection.connect({
      url: config.rabbitmqUrl,
      topology,
      logger: componentLogger(logger, 'amqp'),
      signal: closing.signal,
      heartbeatSecs: Math.max(1, Math.floor(config.zookeeperSessionTimeoutSecs / 2)),
      metrics: registry,
    });
    let zookeeper: ZooKeeperConnection | undefined;
    const findLeader = async () => {
      if (status.state !== undefined) return { self: true };
      const instances = zookeeper === undefined ? [] : await findInstances(zookeeper.session, paths, SERVICE);
      return { self: false, url: instances.find(({ role }) => role === 'leader')?.url };
    };
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
    try {
      const zookeeperLogger = componentLogger(logger, 'zookeeper');
      const connection = await retryUntilDone(
        () =>
          ZooKeeperConnection.connect(config.zookeeper, {
            sessionTimeoutMs: config.zookeeperSessionTimeoutSecs * 1_000,
            logger: zookeeperLogger,
            signal: closing.signal,
          }),
        { what: 'connect to ZooKeeper', logger: zookeeperLogger, signal },
      );
      zookeeper = connection;
      const instance = `${SERVICE}-${randomUUID()}`;
      const registration = await retryUntilDone(
        () => InstanceRegistration.register(connection, paths, { id: instance, service: SERVICE, url: http.url, role: 'standby' }),
        { what: 'register this instance', logger: zookeeperLogger, signal },
      );
      const showRole = (role: 'leader' | 'standby') =>
        void registration.setRole(role).catch((error: unknown) => logger.warn({ error, role }, 'the registry does not show the role'));
      await campaign({
        zookeeper: connection,
        path: paths.leaders(SERVICE),
        instance,
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
              frameworkInfo: frameworkInfo(config, http.url),
              encoding: config.mesosEncoding,
              credentials,
              onFrameworkRemoved: config.onFrameworkRemoved,
            },
            driverSettings: { ...defaultDriverSettings, roles: [config.mesosRole], offerHoldMs: config.offerHoldSecs * 1_000 },
            metrics,
            status,
            logger,
          }).finally(() => showRole('standby'));
        },
        onStandby: () => showRole('standby'),
      });
      await registration.remove();
    } catch (error) {
      // stopped before ZooKeeper was there
      if (!signal.aborted) throw error;
    } finally {
      await amqp.close();
      await zookeeper?.close();
      closing.abort();
      await http.close();
    }
  },
});
