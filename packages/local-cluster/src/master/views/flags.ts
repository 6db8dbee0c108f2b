// What the master was started with, under the names of Mesos's flags (src/master/flags.cpp; docs/configuration/master.md).
import type { MasterState } from '../domain/master-state.js';

const UNITS = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hrs', 3_600_000],
  ['mins', 60_000],
  ['secs', 1000],
  ['ms', 1],
] as const;

/** As stout prints a Duration: in the largest unit that leaves no fraction. */
export const durationText = (ms: number): string => {
  const [unit, length] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
};

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
  authenticate_http_frameworks: 'false',
  authenticate_http_readonly: 'false',
  authenticate_http_readwrite: 'false',
  authentication_v0_timeout: '15secs',
  authenticators: 'crammd5',
  authorizers: 'local',
  allocator_agent_recovery_factor: '0.8',
  allocator_recovery_timeout: '10mins',
  filter_gpu_resources: 'true',
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
  registry: 'in_memory',
  registry_fetch_timeout: '1mins',
  registry_gc_interval: '15mins',
  registry_max_agent_age: '2weeks',
  registry_max_agent_count: '102400',
  registry_store_timeout: '20secs',
  registry_strict: 'false',
  require_agent_domain: 'false',
  role_sorter: 'drf',
  version: 'false',
  zk_session_timeout: '10secs',
} as const;

export const flagsOf = ({ info, settings }: MasterState): Readonly<Record<string, string>> => ({
  ...FIXED,
  agent_ping_timeout: durationText(settings.agentPingTimeoutMs),
  agent_reregister_timeout: durationText(settings.agentReregisterTimeoutMs),
  allocation_interval: durationText(settings.allocationIntervalMs),
  hostname: info.hostname ?? '',
  ip: info.address?.ip ?? '',
  max_agent_ping_timeouts: String(settings.maxAgentPingTimeouts),
  max_completed_frameworks: String(settings.maxCompletedFrameworks),
  max_completed_tasks_per_framework: String(settings.maxCompletedTasks),
  min_allocatable_resources: minimumText(settings.minAllocatable),
  ...(settings.offerTimeoutMs === undefined ? {} : { offer_timeout: durationText(settings.offerTimeoutMs) }),
  port: String(info.port),
  quorum: '1',
  ...(settings.roleWhitelist === undefined ? {} : { roles: settings.roleWhitelist.join(',') }),
  root_submissions: String(settings.rootSubmissions),
});
