import { userInfo } from 'node:os';
import { anyText, commonSettings, decimalNumber, setting, wholeNumber, type ConfigOf } from '@streams-on-mesos/service';
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

const whole = (env: string, byDefault: number, min: number, max: number, description: string) =>
  setting({ env, description, schema: wholeNumber({ min, max }), default: String(byDefault) });

const decimal = (env: string, byDefault: number, min: number, max: number, description: string) =>
  setting({ env, description, schema: decimalNumber({ min, max }), default: String(byDefault) });

const { relaunchBackoff, reviveRepeat, wholeOfferFloor, endedKept } = defaultSettings;

/** What becomes of tasks that die early, and of the agents on which they do. */
const relaunching = {
  relaunchBackoffFirstSecs: decimal(
    'RELAUNCH_BACKOFF_FIRST_SECS',
    relaunchBackoff.firstSecs,
    0.1,
    3_600,
    'Seconds before a request whose task died early launches again; twice as many each time',
  ),
  relaunchBackoffMaxSecs: decimal('RELAUNCH_BACKOFF_MAX_SECS', relaunchBackoff.maxSecs, 0.1, DAY, 'The most seconds before such a launch'),
  avoidAgentSecs: whole(
    'AVOID_AGENT_SECS',
    defaultSettings.avoidAgentSecs,
    0,
    30 * DAY,
    'Seconds for which an agent is avoided after the last early death of a task on it',
  ),
  avoidedAgentSecs: whole(
    'AVOIDED_AGENT_WAIT_SECS',
    defaultSettings.avoidedAgentSecs,
    0,
    3_600,
    'Seconds a request waits for other agents before it uses one that it avoids',
  ),
  supersededKeptSecs: whole(
    'SUPERSEDED_KEPT_SECS',
    defaultSettings.supersededKeptSecs,
    60,
    30 * DAY,
    'Seconds for which a task that was given up without proof of its end is remembered, with its licences',
  ),
};

/** What is asked of Mesos, and when. */
const offering = {
  maintenanceHorizonSecs: whole(
    'MAINTENANCE_HORIZON_SECS',
    defaultSettings.maintenanceHorizonSecs,
    0,
    30 * DAY,
    'Agents whose maintenance begins within so many seconds are used only when others have no room for AVOIDED_AGENT_WAIT_SECS; scaled nodes move off them',
  ),
  earmarkAfterSecs: whole(
    'EARMARK_AFTER_SECS',
    defaultSettings.earmarkAfterSecs,
    0,
    DAY,
    'Seconds after which the first request that waits has agents earmarked for it until tasks that end there have made room; 0: never',
  ),
  earmarkedDeclineSecs: whole(
    'EARMARKED_DECLINE_SECS',
    defaultSettings.earmarkedDeclineSecs,
    1,
    3_600,
    'Seconds for which Mesos offers nothing again of an agent that is earmarked for a request',
  ),
  wholeOfferFloorCpus: decimal(
    'WHOLE_OFFER_FLOOR_CPUS',
    wholeOfferFloor.cpus,
    0.001,
    1_000_000,
    'The least cpus of an offer that a resource takes which asked for all of them (0)',
  ),
  wholeOfferFloorMem: decimal(
    'WHOLE_OFFER_FLOOR_MEM',
    wholeOfferFloor.mem,
    0.001,
    1_000_000_000,
    'The least MB of memory of an offer that a resource takes which asked for all of it (0)',
  ),
  reviveMinSecs: decimal('REVIVE_MIN_SECS', defaultSettings.reviveMinSecs, 0.1, 3_600, 'Seconds between two REVIVEs at least'),
  reviveRepeatFirstSecs: decimal(
    'REVIVE_REPEAT_FIRST_SECS',
    reviveRepeat.firstSecs,
    1,
    3_600,
    'Seconds after which a REVIVE that no offers followed is repeated; twice as many each time',
  ),
  reviveRepeatMaxSecs: decimal('REVIVE_REPEAT_MAX_SECS', reviveRepeat.maxSecs, 1, DAY, 'The most seconds before such a REVIVE'),
  reviveStuckSecs: whole(
    'REVIVE_STUCK_SECS',
    defaultSettings.reviveStuckSecs,
    10,
    DAY,
    'Seconds after which everything is offered once more to what waits although offers came',
  ),
  reconcileAllSecs: whole(
    'RECONCILE_ALL_SECS',
    defaultSettings.reconcileAllSecs,
    10,
    DAY,
    'Seconds between two reconciliations of all tasks',
  ),
};

/** For how long what is over is remembered. */
const remembering = {
  endedKeptSecs: whole('ENDED_KEPT_SECS', endedKept.secs, 60, 365 * DAY, 'Seconds for which a resource that has ended is listed'),
  endedKeptCount: whole('ENDED_KEPT_COUNT', endedKept.count, 0, 100_000, 'How many resources that have ended are listed at most'),
  requestKeptSecs: whole(
    'REQUEST_KEPT_SECS',
    defaultSettings.requestKeptSecs,
    60,
    30 * DAY,
    'Seconds after the end of its last resource for which a request that comes again gets the same answer',
  ),
};

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
  resolveWorkloadSecs: setting({
    env: 'RESOLVE_WORKLOAD_SECS',
    description: 'Seconds for which an offer is held while a streams-bridge makes the start command for its host',
    schema: wholeNumber({ min: 1, max: 60 }),
    default: String(defaultSettings.resolveWorkloadSecs),
  }),
  stopTimeoutSecs: setting({
    env: 'STOP_TIMEOUT_SECS',
    description: 'Seconds in which a task has to end by itself once its stop hook was asked for, before it is killed',
    schema: wholeNumber({ min: 0, max: 3_600 }),
    default: String(defaultSettings.stopTimeoutSecs),
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
  ...relaunching,
  ...offering,
  ...remembering,
  rollAtATime: whole(
    'ROLL_AT_A_TIME',
    defaultSettings.rollAtATime,
    1,
    1_000,
    'How many scaled nodes are replaced at the same time when their size changes',
  ),
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
  resolveWorkloadSecs: config.resolveWorkloadSecs,
  stopTimeoutSecs: config.stopTimeoutSecs,
  launchTimeoutSecs: config.launchTimeoutSecs,
  declineSecs: config.declineSecs,
  relaunchBackoff: { ...relaunchBackoff, firstSecs: config.relaunchBackoffFirstSecs, maxSecs: config.relaunchBackoffMaxSecs },
  avoidAgentSecs: config.avoidAgentSecs,
  avoidedAgentSecs: config.avoidedAgentSecs,
  supersededKeptSecs: config.supersededKeptSecs,
  maintenanceHorizonSecs: config.maintenanceHorizonSecs,
  earmarkAfterSecs: config.earmarkAfterSecs,
  earmarkedDeclineSecs: config.earmarkedDeclineSecs,
  wholeOfferFloor: { cpus: config.wholeOfferFloorCpus, mem: config.wholeOfferFloorMem },
  reviveMinSecs: config.reviveMinSecs,
  reviveRepeat: { ...reviveRepeat, firstSecs: config.reviveRepeatFirstSecs, maxSecs: config.reviveRepeatMaxSecs },
  reviveStuckSecs: config.reviveStuckSecs,
  reconcileAllSecs: config.reconcileAllSecs,
  endedKept: { count: config.endedKeptCount, secs: config.endedKeptSecs },
  requestKeptSecs: config.requestKeptSecs,
  rollAtATime: config.rollAtATime,
  maxNodes: config.maxNodes,
  nodeCommand: config.nodeCommand,
});
