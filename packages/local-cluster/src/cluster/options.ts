import type { RetryIntervals } from '../agent/update-stream.js';
import type { HttpAuthentication } from '../master/http/authentication.js';

/** What a local cluster is made of. Durations in ms. Everything that Mesos has a flag for is named after it. */
export interface LocalClusterOptions {
  /** Default 1; more need `zk`. */
  readonly masters?: number;
  /** Default 3. */
  readonly agents?: number;
  /** Whether each agent has an HTTP server of its own; default: unless it is simulated. */
  readonly agentEndpoints?: boolean;
  /** The agents run nothing: tasks only seem to run (`sleep 5`, `exit 3`), so that there can be very many. Default false. */
  readonly simulated?: boolean;
  /** Address to listen on, loopback unless the operator says otherwise. Default 127.0.0.1. */
  readonly ip?: string;
  /** Of the first master, the others have the next ones. Default 0: free ones. */
  readonly port?: number;
  /** zk://[user:password@]host:port[,…]/path to stand for election at; absent: the only master leads from the start. */
  readonly zk?: string | undefined;
  /** Default 10 s. */
  readonly zkSessionTimeoutMs?: number;
  /** What a new leading master knows of the agents: nothing (default), or what the others wrote down. */
  readonly registry?: 'in_memory' | 'replicated_log';
  /** How many masters must live for the replicated registry to be read and written. Default: more than half of them. */
  readonly quorum?: number;
  readonly registryFetchTimeoutMs?: number;
  readonly registryStoreTimeoutMs?: number;
  /** Where sandboxes are made. Default: a new temporary directory, of which nothing is left when the cluster ends. */
  readonly workDir?: string;
  /** Of each agent, in Mesos's syntax, or one text for each agent; ports are shared out where it names none. */
  readonly resources?: string | readonly string[];
  /** Of each agent, in Mesos's syntax; or one text for each agent. */
  readonly attributes?: string | readonly string[];
  /** Of each agent: a DomainInfo in JSON; or one for each agent. */
  readonly domain?: string | readonly string[];
  /** Hostnames of the agents; default 127.0.0.11, 127.0.0.12 and so on; simulated: agent-00001.simulated and so on. */
  readonly hostnames?: readonly string[];
  /** What tasks find in their environment besides what Mesos sets. */
  readonly executorEnvironment?: Readonly<Record<string, string>>;
  /** How long a container may take to launch, its URIs included. Default 1 min. */
  readonly executorRegistrationTimeoutMs?: number;
  /** How long an agent that came back waits for its executors before it registers. Default 2 s. */
  readonly executorReregistrationTimeoutMs?: number;
  /** How long executors wait for their agent to come back. Default 15 min. */
  readonly recoveryTimeoutMs?: number;
  /** Default 5 s. */
  readonly executorShutdownGracePeriodMs?: number;
  /** An agent waits a part of it before it registers. Default 1 s. */
  readonly registrationBackoffFactorMs?: number;
  readonly agentPingTimeoutMs?: number;
  readonly maxAgentPingTimeouts?: number;
  readonly agentReregisterTimeoutMs?: number;
  readonly heartbeatIntervalSeconds?: number;
  readonly allocationIntervalMs?: number;
  /** Default: offers are never taken back by time alone. */
  readonly offerTimeoutMs?: number;
  /** As `cpus:0.01|mem:32`. */
  readonly minAllocatableResources?: string;
  /** The only roles that frameworks may have, besides `*`. Default: all. */
  readonly roles?: readonly string[];
  /** Whether frameworks may run as root. Default true. */
  readonly rootSubmissions?: boolean;
  readonly maxCompletedFrameworks?: number;
  readonly maxCompletedTasksPerFramework?: number;
  /** Default: nobody has to say who it is. */
  readonly authentication?: HttpAuthentication;
  /** How soon an agent sends an unacknowledged update again. */
  readonly retryIntervals?: RetryIntervals;
  /** Port for the faults alone, which is there when no master is. Default: there is none; 0: a free one. */
  readonly faultsPort?: number;
  /** How soon a master that ended itself is started again. Default 200 ms. */
  readonly masterRestartMs?: number;
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** What is asked for can't be; the message names the option, its value and what would do. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}
