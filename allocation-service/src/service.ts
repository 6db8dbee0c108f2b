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
  startHttp,
  ZooKeeperConnection,
  type InstanceRole,
  type Leader,
  type ServiceContext,
} from '@streams-on-mesos/service';
import { apiRoutes } from './http/routes.js';
import { readinessOf, type Standing } from './http/readiness.js';
import { lead, type LeadingTerm } from './leading-term.js';
import { allocationMetrics } from './metrics.js';
import { domainSettings, type serviceSettings } from './settings.js';
import { stateCounts } from './state-counts.js';

const SERVICE = 'allocation-service';

/** Brings the parts together and runs until `signal` aborts. Tasks in Mesos are left running. */
export const runAllocationService = async (context: ServiceContext<typeof serviceSettings>): Promise<void> => {
  const { config, logger, signal, metrics: registry } = context;
  const instance = randomUUID();
  const paths = frameworkPaths(config.frameworkName);
  const topology = topologyOf(config.frameworkName);
  const settings = domainSettings(config);
  const sessionTimeoutMs = config.zookeeperSessionTimeoutSecs * 1_000;
  const standing: Standing = {};
  const unhandleable = new Map<string, string>();

  const metrics = allocationMetrics(registry, () => standing.leading?.engine.glance(stateCounts));
  const heartbeatSecs = Math.max(1, Math.floor(config.zookeeperSessionTimeoutSecs / 2));
  const amqp = AmqpConnection.connect({
    url: config.rabbitmqUrl,
    topology,
    logger: componentLogger(logger, 'amqp'),
    signal,
    heartbeatSecs,
    metrics: registry,
  });

  const findLeader = async (): Promise<Leader> => {
    if (standing.leading !== undefined) return { self: true };
    if (standing.zookeeper?.connected !== true) return { self: false };
    const others = await findInstances(standing.zookeeper.session, paths, SERVICE);
    return { self: false, url: others.find((other) => other.role === 'leader' && other.id !== instance)?.url };
  };

  const http = await startHttp({
    config,
    logger,
    metrics: registry,
    signal,
    readiness: () => readinessOf(standing, amqp),
    routes: apiRoutes(() => standing.leading, settings.maxNodes),
    leader: findLeader,
  });

  const zookeeperLogger = componentLogger(logger, 'zookeeper');
  const zookeeper = await retryUntilDone(
    () => ZooKeeperConnection.connect(config.zookeeper, { sessionTimeoutMs, logger: zookeeperLogger, signal }),
    { what: 'connect to ZooKeeper', logger: zookeeperLogger, signal },
  );
  standing.zookeeper = zookeeper;
  const registration = await retryUntilDone(
    () => InstanceRegistration.register(zookeeper, paths, { id: instance, service: SERVICE, url: http.url, role: 'standby' }),
    { what: 'register this instance', logger: zookeeperLogger, signal },
  );
  const setRole = (role: InstanceRole): Promise<void> =>
    registration
      .setRole(role)
      .catch((error: unknown) => logger.warn({ error: String(error), role }, 'the registry does not show the role yet'));

  await campaign({
    zookeeper,
    path: paths.leaders(SERVICE),
    instance: http.url,
    logger: zookeeperLogger,
    signal,
    onStandby: () => {
      standing.standby = true;
    },
    lead: async (leadership) => {
      standing.standby = false;
      const onLeading = async (term: LeadingTerm): Promise<void> => {
        standing.leading = term;
        standing.failure = undefined;
        metrics.leading(term.number);
        await setRole('leader');
      };
      try {
        await lead({ leadership, paths, amqp, topology, settings, logger, metrics, unhandleable, onLeading });
      } catch (error) {
        standing.failure = (error as Error).message;
        throw error;
      } finally {
        standing.leading = undefined;
        metrics.standby();
        await setRole('standby');
      }
    },
  });
  await Promise.allSettled([registration.remove(), http.close(), amqp.close()]);
  await zookeeper.close();
};
