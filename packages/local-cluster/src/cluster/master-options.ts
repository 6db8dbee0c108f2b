// What the options say of the masters.
import { defaultMasterSettings, type MasterSettings } from '../master/domain/master-settings.js';
import type { ReplicatedLogSettings } from '../master/registrar.js';
import { parseZooKeeperUrl, type ZooKeeperUrl } from '../master/zookeeper/zookeeper-url.js';
import { parseResources } from '../resources/resources-text.js';
import { roleError } from '../resources/roles.js';
import { OptionError, type LocalClusterOptions } from './options.js';

const MOST_MASTERS = 9;

export interface MasterPlan {
  readonly count: number;
  readonly zk: ZooKeeperUrl | undefined;
  readonly zkSessionTimeoutMs: number;
  /** undefined: the registry is in memory. */
  readonly log: ReplicatedLogSettings | undefined;
  readonly settings: MasterSettings;
}

const zooKeeperOf = (text: string | undefined): ZooKeeperUrl | undefined => {
  try {
    return text === undefined ? undefined : parseZooKeeperUrl(text);
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
};

const logOf = (options: LocalClusterOptions, masters: number): ReplicatedLogSettings | undefined => {
  const { registry = 'in_memory', quorum, registryFetchTimeoutMs = 60_000, registryStoreTimeoutMs = 20_000 } = options;
  if (registry === 'in_memory') {
    if (quorum !== undefined)
      throw new OptionError(`--quorum: ${quorum} is for --registry=replicated_log only; leave it out or choose that`);
    return undefined;
  }
  const chosen = quorum ?? Math.floor(masters / 2) + 1;
  if (!Number.isInteger(chosen) || chosen <= masters / 2 || chosen > masters)
    throw new OptionError(`--quorum: ${chosen} of ${masters} masters must be more than half of them, and not more than there are`);
  return { quorum: chosen, fetchTimeoutMs: registryFetchTimeoutMs, storeTimeoutMs: registryStoreTimeoutMs };
};

/** `cpus:0.01|mem:32`: an offer must have all of at least one part (docs/configuration/master.md). */
const minAllocatableOf = (text: string): MasterSettings['minAllocatable'] => {
  try {
    return text === ''
      ? []
      : text.split('|').map((part) => {
          const scalars = parseResources(part);
          const milli = scalars.flatMap((quantity) => (quantity.type === 'SCALAR' ? [[quantity.name, quantity.milli] as const] : []));
          if (milli.length < scalars.length) throw new Error('only scalars can be asked for');
          return Object.fromEntries(milli);
        });
  } catch (error) {
    throw new OptionError(
      `--min_allocatable_resources: '${text}' cannot be understood: ${(error as Error).message}; expected as in cpus:0.01|mem:32`,
    );
  }
};

const rolesOf = (roles: readonly string[] | undefined): readonly string[] | undefined => {
  for (const role of roles ?? []) {
    const error = roleError(role);
    if (error !== undefined) throw new OptionError(`--roles: '${role}' is no role: ${error}`);
  }
  // The default role is always allowed.
  return roles === undefined ? undefined : [...roles, '*'];
};

/** Those that are given, over `defaults`. */
const over = <T extends object>(defaults: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T => ({
  ...defaults,
  ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>),
});

/** @throws OptionError */
export const planMasters = (options: LocalClusterOptions): MasterPlan => {
  const { masters = 1, zkSessionTimeoutMs = 10_000, minAllocatableResources } = options;
  if (!Number.isInteger(masters) || masters < 1 || masters > MOST_MASTERS)
    throw new OptionError(`--masters: ${masters} is not a whole number from 1 to ${MOST_MASTERS}`);
  const zk = zooKeeperOf(options.zk);
  if (masters > 1 && zk === undefined)
    throw new OptionError(`--masters: ${masters} masters are elected at a ZooKeeper; name it with --zk=zk://host:port/path, or have one`);
  return {
    count: masters,
    zk,
    zkSessionTimeoutMs,
    log: logOf(options, masters),
    settings: over(defaultMasterSettings, {
      heartbeatIntervalSeconds: options.heartbeatIntervalSeconds,
      allocationIntervalMs: options.allocationIntervalMs,
      agentPingTimeoutMs: options.agentPingTimeoutMs,
      maxAgentPingTimeouts: options.maxAgentPingTimeouts,
      agentReregisterTimeoutMs: options.agentReregisterTimeoutMs,
      offerTimeoutMs: options.offerTimeoutMs,
      maxCompletedFrameworks: options.maxCompletedFrameworks,
      maxCompletedTasks: options.maxCompletedTasksPerFramework,
      minAllocatable: minAllocatableResources === undefined ? undefined : minAllocatableOf(minAllocatableResources),
      roleWhitelist: rolesOf(options.roles),
      rootSubmissions: options.rootSubmissions,
    }),
  };
};
