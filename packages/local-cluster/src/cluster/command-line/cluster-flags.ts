// The flags of a local cluster: Mesos's, of masters and of agents, under its names (docs/configuration), and a few of its own.
import { Command, Option } from 'commander';
import { boolean, credentials, duration, each, environment, list, port, positive, textOrFile, whole } from './flag-values.js';

export interface ClusterFlags {
  readonly masters: number;
  readonly agents: number;
  readonly simulated?: true;
  readonly ip: string;
  readonly port: number;
  readonly zk?: string;
  readonly zkSessionTimeout?: number;
  readonly registry: 'in_memory' | 'replicated_log';
  readonly quorum?: number;
  readonly registryFetchTimeout?: number;
  readonly registryStoreTimeout?: number;
  readonly workDir?: string;
  readonly agentPingTimeout?: number;
  readonly maxAgentPingTimeouts?: number;
  readonly agentReregisterTimeout?: number;
  readonly allocationInterval?: number;
  readonly offerTimeout?: number;
  readonly minAllocatableResources?: string;
  readonly roles?: string[];
  readonly rootSubmissions: boolean;
  readonly maxCompletedFrameworks?: number;
  readonly maxCompletedTasksPerFramework?: number;
  readonly credentials?: ReadonlyMap<string, string>;
  readonly authenticateHttpFrameworks: boolean;
  readonly httpFrameworkAuthenticators?: 'basic';
  readonly authenticateHttpReadonly: boolean;
  readonly authenticateHttpReadwrite: boolean;
  readonly resources?: readonly string[];
  readonly attributes?: readonly string[];
  readonly domain?: readonly string[];
  readonly hostname?: string[];
  readonly executorEnvironmentVariables: Record<string, string>;
  readonly executorRegistrationTimeout?: number;
  readonly executorReregistrationTimeout?: number;
  readonly executorShutdownGracePeriod?: number;
  readonly recoveryTimeout?: number;
  readonly registrationBackoffFactor?: number;
  readonly faultsPort?: number;
}

/** Those that Mesos lets be given without a value. */
export const BOOLEAN_FLAGS = [
  'authenticate-http-frameworks',
  'authenticate-http-readonly',
  'authenticate-http-readwrite',
  'root-submissions',
];

const masterFlags = (command: Command): Command =>
  command
    .optionsGroup('Masters:')
    .option('--masters <n>', 'masters, elected at --zk if there are several', positive, 1)
    .option('--port <port>', 'port of the first master, the others have the next ones; 0: free ones', port, 5050)
    .option('--ip <address>', 'address to listen on; think twice beyond loopback: who reaches it runs commands', '127.0.0.1')
    .option('--zk <url>', 'stand for election: zk://[user:password@]host:port[,host:port]/path')
    .option('--zk-session-timeout <duration>', 'how long ZooKeeper keeps a master that is silent (default: 10secs)', duration)
    .addOption(
      new Option('--registry <kind>', 'what a new leader knows of the agents: nothing, or what the masters wrote down')
        .choices(['in_memory', 'replicated_log'])
        .default('in_memory'),
    )
    .option('--quorum <n>', 'masters that must live for the replicated log (default: more than half)', positive)
    .option('--registry-fetch-timeout <duration>', 'how long a new leader waits for a quorum (default: 1mins)', duration)
    .option('--registry-store-timeout <duration>', 'how long a leader waits for a quorum (default: 20secs)', duration)
    .option('--agent-ping-timeout <duration>', 'time between pings of an agent (default: 15secs)', duration)
    .option('--max-agent-ping-timeouts <n>', 'so many pings without an answer: unreachable (default: 5)', positive)
    .option('--agent-reregister-timeout <duration>', 'how long agents may take to come back to a new leader (default: 10mins)', duration)
    .option('--allocation-interval <duration>', 'time between allocations (default: 1secs)', duration)
    .option('--offer-timeout <duration>', 'how long a framework may sit on an offer (default: for ever)', duration)
    .option('--min-allocatable-resources <text>', 'the least that is offered (default: cpus:0.01|mem:32)')
    .option('--roles <roles>', 'the only roles that frameworks may have, separated by commas (default: all)', list)
    .option('--root-submissions <bool>', 'frameworks may run tasks as root', boolean, true)
    .option('--max-completed-frameworks <n>', 'how many are remembered (default: 50)', whole)
    .option('--max-completed-tasks-per-framework <n>', 'how many are remembered (default: 1000)', whole)
    .option('--authenticate-http-frameworks <bool>', 'frameworks must say who they are', boolean, false)
    .addOption(new Option('--http-framework-authenticators <name>', 'how they do it').choices(['basic']))
    .option('--authenticate-http-readonly <bool>', 'so must those who look', boolean, false)
    .option('--authenticate-http-readwrite <bool>', 'so must operators', boolean, false)
    .option('--credentials <file>', 'JSON of principals and secrets', credentials);

const agentFlags = (command: Command): Command =>
  command
    .optionsGroup('Agents (texts: once for all, or once for each):')
    .option('--agents <n>', 'agents', whole, 3)
    .option(
      '--simulated',
      'tasks only seem to run (sleep 5, exit 3; all else until it is killed), so that there can be thousands of agents',
    )
    .option('--work-dir <dir>', 'where sandboxes are made; default: a new temporary directory')
    .option('--resources <text>', `in Mesos's syntax (default: cpus:8;mem:16384;disk:102400 and 500 ports)`, each(textOrFile))
    .option('--attributes <text>', `in Mesos's syntax`, each(textOrFile))
    .option('--domain <json>', 'as {"fault_domain":{"region":{"name":"a"},"zone":{"name":"b"}}}', each(textOrFile))
    .option('--hostname <names...>', 'host names (default: 127.0.0.11, 127.0.0.12, …)')
    .option('--executor-environment-variables <json>', `what tasks find in their environment besides what Mesos sets`, environment, {})
    .option('--executor-registration-timeout <duration>', 'how long an executor may take to start (default: 1mins)', duration)
    .option(
      '--executor-reregistration-timeout <duration>',
      'how long an agent that came back waits for executors (default: 2secs)',
      duration,
    )
    .option('--executor-shutdown-grace-period <duration>', 'how long an executor has to end (default: 5secs)', duration)
    .option('--recovery-timeout <duration>', 'how long executors wait for their agent (default: 15mins)', duration)
    .option('--registration-backoff-factor <duration>', 'within that time an agent registers (default: 1secs)', duration);

export const clusterCommand = (): Command => {
  const command = new Command('local-cluster').description('Mesos masters and agents for a laptop and for tests; never for production');
  agentFlags(masterFlags(command))
    .optionsGroup('Faults:')
    .option('--faults-port <port>', 'where faults are taken also while no master is; 0: a free one (default: at the masters only)', port);
  return command
    .allowExcessArguments()
    .addHelpText(
      'after',
      "\nMesos's spelling is understood as well: --agent_ping_timeout=1secs, --no-root_submissions. Durations: 500ms, 15secs, 10mins, 1hrs.",
    )
    .showHelpAfterError('(local-cluster --help shows all flags)');
};
