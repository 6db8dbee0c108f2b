// What the master was started with, under the names of Mesos's flags (src/master/flags.cpp; docs/configuration/master.md).
import { formatDuration } from '../../durations/format-duration.js';
import type { MasterState } from '../domain/master-state.js';

const minimumText = (minimum: MasterState['settings']['minAllocatable']): string =>
  minimum
    .map((quantities) =>
      Object.entries(quantities)
        .map(([name, milli]) => `${name}:${milli / 1000}`)
        .join(';'),
    )
    .join('|');

/** Mesos's defaults, which hold here too: of what the local cluster can't do, that it is off. */
const FIXED = {
  allocator: 'hierarchical',
  authenticate_agents: 'false',
  authenticate_frameworks: 'false',
  authentication_v0_timeout: '15secs',
  authenticators: 'crammd5',
  authorizers: 'local',
  allocator_agent_recovery_factor: '0.8',
  allocator_recovery_timeout: '10mins',
  framework_sorter: 'drf',
  help: 'false',
  hostname_lookup: 'false',
  http_authenticators: 'basic',
  initialize_driver_logging: 'true',
  log_auto_initialize: 'true',
  logbufsecs: '0',
  logging_level: 'INFO',
  max_operator_event_stream_subscribers: '1000',
  max_unreachable_tasks_per_framework: '1000',
  memory_profiling: 'false',
  offer_constraints_re2_max_mem: '4KB',
  offer_constraints_re2_max_program_size: '100',
  publish_per_framework_metrics: 'true',
  quiet: 'false',
  recovery_agent_removal_limit: '100%',
  registry_gc_interval: '15mins',
  registry_max_agent_age: '2weeks',
  registry_max_agent_count: '102400',
  registry_strict: 'false',
  require_agent_domain: 'false',
  role_sorter: 'drf',
  version: 'false',
} as const;

export type Flags = Readonly<Record<string, string>>;

/** What a master was started with besides what its decisions need. */
export interface ProcessFlags {
  readonly zk: { readonly servers: string; readonly path: string } | undefined;
  readonly zkSessionTimeoutMs: number;
  readonly authentication: { readonly frameworks: boolean; readonly readonly: boolean; readonly readwrite: boolean };
  /** undefined: the registry is in memory. */
  readonly log: { readonly quorum: number; readonly fetchTimeoutMs: number; readonly storeTimeoutMs: number } | undefined;
}

/** What a registry in memory makes no use of. */
const DEFAULT_LOG = { quorum: 1, fetchTimeoutMs: 60_000, storeTimeoutMs: 20_000 };

/** Without a password. */
export const processFlags = ({ zk, zkSessionTimeoutMs, authentication, log }: ProcessFlags): Flags => {
  const { quorum, fetchTimeoutMs, storeTimeoutMs } = log ?? DEFAULT_LOG;
  return {
    authenticate_http_frameworks: String(authentication.frameworks),
    authenticate_http_readonly: String(authentication.readonly),
    authenticate_http_readwrite: String(authentication.readwrite),
    quorum: String(quorum),
    registry: log === undefined ? 'in_memory' : 'replicated_log',
    registry_fetch_timeout: formatDuration(fetchTimeoutMs),
    registry_store_timeout: formatDuration(storeTimeoutMs),
    ...(zk === undefined ? {} : { zk: `zk://${zk.servers}${zk.path}` }),
    zk_session_timeout: formatDuration(zkSessionTimeoutMs),
  };
};

export const flagsOf = ({ info, settings }: MasterState): Flags => ({
  ...FIXED,
  agent_ping_timeout: formatDuration(settings.agentPingTimeoutMs),
  agent_reregister_timeout: formatDuration(settings.agentReregisterTimeoutMs),
  allocation_interval: formatDuration(settings.allocationIntervalMs),
  filter_gpu_resources: String(settings.filterGpuResources),
  hostname: info.hostname ?? '',
  ip: info.address?.ip ?? '',
  max_agent_ping_timeouts: String(settings.maxAgentPingTimeouts),
  max_completed_frameworks: String(settings.maxCompletedFrameworks),
  max_completed_tasks_per_framework: String(settings.maxCompletedTasks),
  min_allocatable_resources: minimumText(settings.minAllocatable),
  ...(settings.offerTimeoutMs === undefined ? {} : { offer_timeout: formatDuration(settings.offerTimeoutMs) }),
  port: String(info.port),
  ...(settings.roleWhitelist === undefined ? {} : { roles: settings.roleWhitelist.join(',') }),
  root_submissions: String(settings.rootSubmissions),
});
