import { commonSettings, decimalNumber, oneOf, setting, truth, wholeNumber } from '@streams-on-mesos/service';

const MAX_INT32 = 2_147_483_647;

/** What offer-service can be configured with. */
export const settings = {
  mesosMaster: commonSettings.mesosMaster,
  mesosPrincipal: commonSettings.mesosPrincipal,
  mesosSecretFile: commonSettings.mesosSecretFile,
  mesosCaFile: commonSettings.mesosCaFile,
  mesosCertFile: commonSettings.mesosCertFile,
  mesosKeyFile: commonSettings.mesosKeyFile,
  mesosRoles: commonSettings.mesosRoles,
  mesosUser: commonSettings.mesosUser,
  mesosEncoding: commonSettings.mesosEncoding,
  mesosRecordLimitMb: setting({
    env: 'MESOS_RECORD_LIMIT_MB',
    description: 'Mebibytes of the largest event that is taken from a master; 10,000 offers are 9 in JSON, 4 in protobuf',
    schema: wholeNumber({ min: 1, max: 1_024 }),
    default: '64',
  }),
  frameworkName: commonSettings.frameworkName,
  failoverTimeoutSecs: setting({
    env: 'FAILOVER_TIMEOUT_SECS',
    description: 'Seconds for which Mesos keeps the tasks while no instance is subscribed',
    schema: wholeNumber({ min: 0, max: MAX_INT32 }),
    default: '604800',
  }),
  offerHoldSecs: setting({
    env: 'OFFER_HOLD_SECS',
    description: 'Seconds after which an offer or inverse offer that nobody has answered is declined',
    schema: decimalNumber({ min: 0.1, max: 3_600 }),
    default: '10',
  }),
  gpuResources: setting({
    env: 'GPU_RESOURCES',
    description: 'Take offers of agents that have GPUs',
    schema: truth(),
    default: 'true',
  }),
  revocableResources: setting({
    env: 'REVOCABLE_RESOURCES',
    description: 'Take offers of resources that Mesos may take back at any time, for requests that are content with them',
    schema: truth(),
    default: 'false',
  }),
  onFrameworkRemoved: setting({
    env: 'ON_FRAMEWORK_REMOVED',
    description: 'When Mesos has removed the framework, its tasks are gone: subscribe anew under another id (forget), or stay away (stop)',
    schema: oneOf('forget', 'stop'),
    default: 'forget',
  }),
  zookeeper: commonSettings.zookeeper,
  zookeeperSessionTimeoutSecs: commonSettings.zookeeperSessionTimeoutSecs,
  rabbitmqUrl: commonSettings.rabbitmqUrl,
  httpPort: commonSettings.httpPort,
  httpHost: commonSettings.httpHost,
  advertisedUrl: commonSettings.advertisedUrl,
  apiTokenFile: commonSettings.apiTokenFile,
} as const;
