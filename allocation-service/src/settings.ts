import { userInfo } from 'node:os';
import { anyText, commonSettings, setting, wholeNumber, type ConfigOf } from '@streams-on-mesos/service';
import { defaultSettings, type Settings } from './domain/settings.js';

const {
  mesosRoles,
  mesosUser,
  zookeeper,
  zookeeperSessionTimeoutSecs,
  rabbitmqUrl,
  frameworkName,
  httpPort,
  httpHost,
  advertisedUrl,
  apiTokenFile,
  waitAllocatedSecs,
} = commonSettings;

const DAY = 86_400;

/** Everything that allocation-service can be configured with. */
export const serviceSettings = {
  frameworkName,
  zookeeper,
  zookeeperSessionTimeoutSecs,
  rabbitmqUrl,
  httpHost,
  httpPort,
  advertisedUrl,
  apiTokenFile,
  mesosRoles,
  mesosUser,
  waitAllocatedSecs,
  unreachableSecs: setting({
    env: 'UNREACHABLE_SECS',
    description: 'Seconds the task of an allocated resource may be unreachable before it is given up',
    schema: wholeNumber({ min: 0, max: 30 * DAY }),
    default: String(defaultSettings.unreachableSecs),
  }),
  killRetrySecs: setting({
    env: 'KILL_RETRY_SECS',
    description: 'Seconds after which a KILL is repeated while the task has not ended',
    schema: wholeNumber({ min: 1, max: 3_600 }),
    default: String(defaultSettings.killRetrySecs),
  }),
  launchTimeoutSecs: setting({
    env: 'LAUNCH_TIMEOUT_SECS',
    description: 'Seconds after which a launch that nobody has reported is asked about',
    schema: wholeNumber({ min: 5, max: DAY }),
    default: String(defaultSettings.launchTimeoutSecs),
  }),
  declineSecs: setting({
    env: 'DECLINE_SECS',
    description: 'Seconds for which Mesos offers nothing again of what was declined',
    schema: wholeNumber({ min: 1, max: 30 * DAY }),
    default: String(defaultSettings.declineSecs),
  }),
  maxNodes: setting({
    env: 'MAX_NODES',
    description: 'The most nodes that a scaling config may ask for',
    schema: wholeNumber({ min: 1, max: 100_000 }),
    default: String(defaultSettings.maxNodes),
  }),
  nodeCommand: setting({
    env: 'NODE_COMMAND',
    description: 'Shell command that a scaled node runs; it must run on every agent',
    schema: anyText(),
    default: defaultSettings.nodeCommand,
  }),
};

export type ServiceConfig = ConfigOf<typeof serviceSettings>;

/** What the domain is to know of the configuration. */
export const domainSettings = (config: ServiceConfig): Settings => ({
  ...defaultSettings,
  roles: config.mesosRoles,
  mesosUser: config.mesosUser ?? userInfo().username,
  waitAllocatedSecs: config.waitAllocatedSecs,
  unreachableSecs: config.unreachableSecs,
  killRetrySecs: config.killRetrySecs,
  launchTimeoutSecs: config.launchTimeoutSecs,
  declineSecs: config.declineSecs,
  maxNodes: config.maxNodes,
  nodeCommand: config.nodeCommand,
});
