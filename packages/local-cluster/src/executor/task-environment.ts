// The environment of a command task: made anew, never the agent's own (src/slave/slave.cpp, executorEnvironment;
// mesos/launch.cpp for PATH; src/launcher/executor.cpp for the order: the task's own variables win).
import type { CommandInfo } from '../generated/protocol.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface EnvironmentSource {
  readonly agentId: string;
  readonly agentIp: string;
  readonly agentPort: number;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly sandbox: string;
  readonly role: string;
  readonly checkpoint: boolean;
  readonly shutdownGraceSeconds: number;
  /** The agent's --executor_environment_variables. */
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly command: CommandInfo;
}

export function taskEnvironment(source: EnvironmentSource): Record<string, string> {
  const endpoint = `${source.agentIp}:${source.agentPort}`;
  const environment: Record<string, string> = {
    PATH: DEFAULT_PATH,
    ...source.executorEnvironment,
    LIBPROCESS_PORT: '0',
    MESOS_FRAMEWORK_ID: source.frameworkId,
    MESOS_EXECUTOR_ID: source.executorId,
    MESOS_DIRECTORY: source.sandbox,
    MESOS_SANDBOX: source.sandbox,
    MESOS_SLAVE_ID: source.agentId,
    MESOS_SLAVE_PID: `slave(1)@${endpoint}`,
    MESOS_AGENT_ENDPOINT: endpoint,
    MESOS_CHECKPOINT: source.checkpoint ? '1' : '0',
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: `${source.shutdownGraceSeconds}secs`,
    ...(source.checkpoint ? { MESOS_RECOVERY_TIMEOUT: '15mins', MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs' } : {}),
  };
  for (const { name, type, value } of source.command.environment?.variables ?? [])
    if (type !== 'SECRET' && value !== undefined) environment[name] = value;
  environment['MESOS_ALLOCATION_ROLE'] = source.role;
  return environment;
}
