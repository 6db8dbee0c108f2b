// The environment of a task: made anew, never the agent's own (src/slave/slave.cpp, executorEnvironment;
// mesos/launch.cpp for PATH; src/launcher/executor.cpp for the order: the task's own variables win).
import type { CommandInfo } from '../generated/protocol.js';
import { formatDuration } from './duration.js';

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
  readonly shutdownGraceMs: number;
  readonly recoveryTimeoutMs: number;
  /** The agent's --executor_environment_variables. */
  readonly executorEnvironment: Readonly<Record<string, string>>;
  readonly command: CommandInfo;
}

/** What a command asks for itself; secrets are not resolved. */
export const environmentVariables = ({ environment }: CommandInfo): Record<string, string> =>
  Object.fromEntries(
    (environment?.variables ?? []).flatMap(({ name, type, value }) => (type === 'SECRET' || value === undefined ? [] : [[name, value]])),
  );

/**
 * Of a task in a group: nothing of the executor's (containerizer.cpp, _launch of a container that is no DEBUG one), and what its
 * executor adds wins (default_executor.cpp, _launchGroup).
 */
export const nestedEnvironment = (sandbox: string, ip: string, role: string, command: CommandInfo): Record<string, string> => ({
  PATH: DEFAULT_PATH,
  MESOS_SANDBOX: sandbox,
  ...environmentVariables(command),
  MESOS_CONTAINER_IP: ip,
  MESOS_ALLOCATION_ROLE: role,
});

/** Of a command executor, and so of its task's checks. */
export function executorEnvironment(source: EnvironmentSource): Record<string, string> {
  const endpoint = `${source.agentIp}:${source.agentPort}`;
  const recovery = { MESOS_RECOVERY_TIMEOUT: formatDuration(source.recoveryTimeoutMs), MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs' };
  return {
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
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(source.shutdownGraceMs),
    ...(source.checkpoint ? recovery : {}),
    ...environmentVariables(source.command),
  };
}

export const taskEnvironment = (source: EnvironmentSource): Record<string, string> => ({
  ...executorEnvironment(source),
  MESOS_ALLOCATION_ROLE: source.role,
});
