// The flags of a Mesos master that its decisions depend on (docs/configuration/master.md).

export interface MasterSettings {
  /** Mesos's --allocation_interval. */
  readonly allocationIntervalMs: number;
  /** Mesos's --min_allocatable_resources: an offer must hold all quantities (thousandths) of at least one of these. */
  readonly minAllocatable: readonly Readonly<Record<string, number>>[];
  /** Announced in SUBSCRIBED. */
  readonly heartbeatIntervalSeconds: number;
  /** Mesos's --max_completed_frameworks and --max_completed_tasks_per_framework. */
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasks: number;
  /** Mesos's --agent_ping_timeout and --max_agent_ping_timeouts: unreachable after as many unanswered pings. */
  readonly agentPingTimeoutMs: number;
  readonly maxAgentPingTimeouts: number;
  /** Mesos's --agent_reregister_timeout: how long agents of the registry may take to come back to a new leader. */
  readonly agentReregisterTimeoutMs: number;
  /** Mesos's --offer_timeout: offers older than this are rescinded. undefined: never. */
  readonly offerTimeoutMs: number | undefined;
  /** Mesos's --filter_gpu_resources: agents with GPUs are only for frameworks with GPU_RESOURCES. */
  readonly filterGpuResources: boolean;
  /** Mesos's --roles: the only ones that frameworks may have. undefined: any. */
  readonly roleWhitelist: readonly string[] | undefined;
  /** Mesos's --root_submissions: whether frameworks may run as root. */
  readonly rootSubmissions: boolean;
}

export const defaultMasterSettings: MasterSettings = {
  allocationIntervalMs: 1000,
  minAllocatable: [{ cpus: 10 }, { mem: 32_000 }],
  heartbeatIntervalSeconds: 15,
  maxCompletedFrameworks: 50,
  maxCompletedTasks: 1000,
  agentPingTimeoutMs: 15_000,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeoutMs: 600_000,
  offerTimeoutMs: undefined,
  filterGpuResources: true,
  roleWhitelist: undefined,
  rootSubmissions: true,
};
