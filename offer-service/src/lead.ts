import { setTimeout as pause } from 'node:timers/promises';
import { SchedulerClient, type FrameworkInfo, type SchedulerClientSettings } from '@streams-on-mesos/mesos';
import type { Topology } from '@streams-on-mesos/messages';
import { abortable, componentLogger, LeaderClock, watchTerm, withTlsRemedy } from '@streams-on-mesos/service';
import type { AmqpConnection, FrameworkPaths, Leadership, Logger, ZooKeeperConnection } from '@streams-on-mesos/service';
import { CallConsumer } from './amqp/call-consumer.js';
import { DriverPublisher } from './amqp/publisher.js';
import type { DriverSettings } from './domain/driver-settings.js';
import { newDriverState } from './domain/new-driver-state.js';
import { attemptSubscribe, type SubscribeAttempt } from './domain/roles/need-directives.js';
import type { DriverMetrics } from './driver-metrics.js';
import { FrameworkDriver } from './framework-driver.js';
import { constraintsOf, infoWithNeeds } from './mesos/framework-info.js';
import { readSubscription } from './mesos/read-subscription.js';
import type { ServiceStatus } from './service-status.js';
import { loadFrameworkId, storeFrameworkId } from './zookeeper/framework-id.js';

const TICK_MS = 200;
/** How long a leader that was thrown out of the framework stays away, so that two who both believe to lead don't throw each other out in turn. */
const STAND_DOWN_MS = 60_000;

export interface LeadOptions {
  readonly zookeeper: ZooKeeperConnection;
  readonly paths: FrameworkPaths;
  readonly amqp: AmqpConnection;
  readonly topology: Topology;
  readonly mesos: Omit<SchedulerClientSettings, 'frameworkId' | 'frameworkInfo' | 'suppressedRoles' | 'offerConstraints' | 'log'>;
  readonly frameworkInfo: FrameworkInfo;
  readonly driverSettings: DriverSettings;
  /** Told of each master that was subscribed to. */
  readonly checkCredentials: (masterUrl: string | undefined) => void;
  readonly metrics: DriverMetrics;
  readonly status: ServiceStatus;
  readonly logger: Logger;
}

/** One leadership, from the subscription to its end. Nothing of ours stays subscribed, consuming or publishing after it resolves. */
export const lead = async (leadership: Leadership, options: LeadOptions): Promise<void> => {
  const { amqp, frameworkInfo, logger, metrics, paths, status, topology, zookeeper } = options;
  const mesosLogger = componentLogger(logger, 'mesos');
  const over = new AbortController();
  const signal = AbortSignal.any([leadership.signal, over.signal]);
  const storedFrameworkId = await loadFrameworkId(leadership.session, paths);
  const state = newDriverState(leadership.term, options.driverSettings);

  let attempt: SubscribeAttempt = attemptSubscribe(state);
  const client = new SchedulerClient({
    ...options.mesos,
    frameworkId: storedFrameworkId,
    // asked first, so this is where an attempt begins
    suppressedRoles: () => (attempt = attemptSubscribe(state)).suppressedRoles,
    frameworkInfo: () => infoWithNeeds(frameworkInfo, attempt.needs),
    offerConstraints: () => constraintsOf(attempt.needs),
    log: (level, message, fields) => mesosLogger[level](withTlsRemedy(fields ?? {}), message),
  });
  const { now, ahead } = new LeaderClock();
  const calls = new CallConsumer(amqp, topology, logger, ahead);
  const publisher = new DriverPublisher(amqp, topology, logger);
  const driver = new FrameworkDriver(state, { mesos: client, publisher, answers: calls, frameworkInfo, metrics, logger, now });
  const { handle } = driver;

  metrics.watchStream(() => client.lag);
  status.state = state;
  status.now = now;
  const watchBroker = () => handle({ type: 'broker', up: amqp.connected && !amqp.blocked });
  const unwatch = [amqp.onConnected(watchBroker), amqp.onDisconnected(watchBroker)];
  const ticks = setInterval(() => {
    watchBroker();
    handle({ type: 'tick' });
  }, TICK_MS);
  const termWatch = watchTerm(zookeeper, paths.leaders('allocation-service'), (term) => handle({ type: 'allocation-term', term }), signal);
  try {
    calls.start(handle, signal);
    const reading = readSubscription(client.subscribe({ signal }), {
      storedFrameworkId,
      storeFrameworkId: (id) => abortable(storeFrameworkId(leadership, paths, id), leadership.signal),
      carried: () => attempt,
      master: () => client.status.master,
      handle: (event) => {
        if (event.type === 'subscribed') options.checkCredentials(event.master);
        handle(event);
      },
      logger: mesosLogger,
    });
    const end = await reading;
    if (!leadership.signal.aborted && end !== 'stopped') await standDown(end, options, leadership.signal);
  } finally {
    over.abort();
    clearInterval(ticks);
    handle({ type: 'disconnected', reason: 'this instance of offer-service stops' });
    for (const stop of unwatch) stop();
    status.state = undefined;
    metrics.clear();
    await termWatch;
  }
};

/** Another instance has the framework, or Mesos removed it and ON_FRAMEWORK_REMOVED is `stop`: stay out of the way, and say so. */
const standDown = async (end: 'failed-over' | 'removed', { logger, status }: LeadOptions, signal: AbortSignal): Promise<void> => {
  status.standsDown =
    end === 'failed-over'
      ? 'another instance has taken over the framework in Mesos; if this goes on, two deployments share a FRAMEWORK_NAME'
      : 'Mesos has removed the framework; to subscribe under a new id set ON_FRAMEWORK_REMOVED=forget or delete the stored framework-id';
  logger.error(status.standsDown);
  const foreverMs = 2 ** 31 - 1;
  await pause(end === 'removed' ? foreverMs : STAND_DOWN_MS, undefined, { signal }).catch(() => undefined);
  status.standsDown = undefined;
};
