// The environment of a task: made anew, never the agent's own (src/slave/slave.cpp, executorEnvironment;
// mesos/launch.cpp for PATH; src/launcher/executor.cpp for the order: the task's own variables win).
import type { CommandInfo, FrameworkInfo, TaskInfo } from '../generated/protocol.js';
import { formatDuration } from '../durations/format-duration.js';
import type { ExecutorContext } from './executor.js';
import { shutdownGraceMs } from './kill-timing.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A command task and where it runs. */
export interface EnvironmentSource {
  readonly context: ExecutorContext;
  readonly framework: FrameworkInfo;
  readonly task: TaskInfo;
  readonly role: string;
  readonly sandbox: string;
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
export function executorEnvironment({ context, framework, task, sandbox }: EnvironmentSource): Record<string, string> {
  const endpoint = `${context.ip}:${context.port}`;
  const checkpoint = framework.checkpoint === true;
  const recovery = { MESOS_RECOVERY_TIMEOUT: formatDuration(context.recoveryTimeoutMs), MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs' };
  return {
    PATH: DEFAULT_PATH,
    ...context.executorEnvironment,
    LIBPROCESS_PORT: '0',
    MESOS_FRAMEWORK_ID: framework.id?.value ?? '',
    MESOS_EXECUTOR_ID: task.task_id.value,
    MESOS_DIRECTORY: sandbox,
    MESOS_SANDBOX: sandbox,
    MESOS_SLAVE_ID: context.agentId,
    MESOS_SLAVE_PID: `slave(1)@${endpoint}`,
    MESOS_AGENT_ENDPOINT: endpoint,
    MESOS_CHECKPOINT: checkpoint ? '1' : '0',
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: formatDuration(shutdownGraceMs(task.kill_policy, context.shutdownGraceMs)),
    ...(checkpoint ? recovery : {}),
    ...environmentVariables(task.command ?? {}),
  };
}

export const taskEnvironment = (source: EnvironmentSource): Record<string, string> => ({
  ...executorEnvironment(source),
  MESOS_ALLOCATION_ROLE: source.role,
});
