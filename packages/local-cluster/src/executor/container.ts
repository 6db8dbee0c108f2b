// Makes an executor's container: its sandbox with what its command needs (slave.cpp, launchExecutor and executorLaunched;
// src/slave/containerizer/mesos/containerizer.cpp).
import type { CommandInfo, ContainerInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import { openOutput } from './command-process.js';
import { containerError } from './container-support.js';
import { UriError, type Fetcher } from './fetcher/fetcher.js';
import { createSandbox, giveTo, type SandboxIds } from './sandbox.js';
import { findUser, type UserIds } from './users.js';

export interface PreparedContainer {
  readonly sandbox: string;
  readonly user: UserIds | undefined;
}

/** What becomes of the task. */
export interface LaunchFailure {
  readonly state: TaskState;
  readonly reason: TaskStatus.Reason;
  readonly message: string;
}

export interface ContainerPlan {
  readonly workDir: string;
  readonly ids: SandboxIds;
  readonly user: string;
  readonly container: ContainerInfo | undefined;
  readonly command: CommandInfo;
  readonly fetcher: Fetcher;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export interface FetchPlan {
  readonly sandbox: string;
  readonly user: UserIds | undefined;
  readonly userName: string;
  readonly containerId: string;
  readonly command: CommandInfo;
  readonly fetcher: Fetcher;
  readonly signal: AbortSignal;
}

/** Why a container can't have its URIs; undefined when they are there. */
export async function fetchFor({ sandbox, user, userName, containerId, command, fetcher, signal }: FetchPlan): Promise<string | undefined> {
  const { uris = [] } = command;
  if (uris.length === 0) return undefined;
  const stderr = await openOutput(sandbox, 'stderr', user);
  try {
    await fetcher.fetch({ uris, sandbox, user: userName, signal });
    if (user !== undefined) await giveTo(sandbox, user);
    return undefined;
  } catch (error) {
    if (error instanceof UriError) return error.message;
    if (!signal.aborted) await stderr.appendFile(`${errorText(error)}\n`);
    const ending = signal.aborted ? 'terminated with signal Killed' : 'exited with status 1';
    return `Failed to fetch all URIs for container '${containerId}': ${ending}`;
  } finally {
    await stderr.close();
  }
}

const launchFailure = (message: string): { failure: LaunchFailure } => ({
  failure: { state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: `Failed to launch container: ${message}` },
});

export async function prepareContainer(plan: ContainerPlan): Promise<PreparedContainer | { readonly failure: LaunchFailure }> {
  const { workDir, ids, command, fetcher, signal } = plan;
  let user: UserIds | undefined;
  let sandbox: string;
  try {
    user = await findUser(plan.user);
    sandbox = await createSandbox(workDir, ids, user);
  } catch (error) {
    const message = `Failed to create executor directory: ${errorText(error)}`;
    return { failure: { state: 'TASK_DROPPED', reason: 'REASON_EXECUTOR_TERMINATED', message } };
  }
  if (plan.container?.type === 'DOCKER') {
    // An agent without the Docker containerizer (slave.cpp, executorLaunched: NOT_SUPPORTED).
    const message = 'Abnormal executor termination: unknown container';
    return { failure: { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED', message } };
  }
  const unsupported = plan.container && containerError(plan.container);
  if (unsupported !== undefined) return launchFailure(unsupported);
  try {
    const { containerId } = ids;
    const failure = await fetchFor({ sandbox, user, userName: plan.user, containerId, command, fetcher, signal });
    return failure === undefined ? { sandbox, user } : launchFailure(failure);
  } catch (error) {
    return launchFailure(errorText(error));
  }
}
