// Makes an executor's container: its sandbox with what its command needs (slave.cpp, launchExecutor and executorLaunched;
// src/slave/containerizer/mesos/containerizer.cpp).
import type { CommandInfo, ContainerInfo, TaskState, TaskStatus } from '../generated/protocol.js';
import { openOutput } from './command-process.js';
import { fetchUris } from './fetcher.js';
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
  readonly type: ContainerInfo['type'] | undefined;
  readonly uris: readonly CommandInfo.URI[];
  /** Gives it up. */
  readonly signal: AbortSignal;
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Why the URIs can't be fetched; undefined when they are there. */
export async function fetchInto(
  sandbox: string,
  user: UserIds | undefined,
  containerId: string,
  uris: readonly CommandInfo.URI[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const stderr = await openOutput(sandbox, 'stderr', user);
  try {
    if (uris.length === 0) return undefined;
    await fetchUris(uris, sandbox, signal);
    if (user !== undefined) await giveTo(sandbox, user);
    return undefined;
  } catch (error) {
    const ending = signal.aborted ? 'terminated with signal Killed' : 'exited with status 1';
    if (!signal.aborted) await stderr.appendFile(`${errorText(error)}\n`);
    return `Failed to fetch all URIs for container '${containerId}': ${ending}`;
  } finally {
    await stderr.close();
  }
}

const launchFailure = (message: string): { failure: LaunchFailure } => ({
  failure: { state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED', message: `Failed to launch container: ${message}` },
});

export async function prepareContainer(plan: ContainerPlan): Promise<PreparedContainer | { readonly failure: LaunchFailure }> {
  const { workDir, ids, uris, signal } = plan;
  let user: UserIds | undefined;
  let sandbox: string;
  try {
    user = await findUser(plan.user);
    sandbox = await createSandbox(workDir, ids, user);
  } catch (error) {
    const message = `Failed to create executor directory: ${errorText(error)}`;
    return { failure: { state: 'TASK_DROPPED', reason: 'REASON_EXECUTOR_TERMINATED', message } };
  }
  if (plan.type === 'DOCKER') {
    // An agent without the Docker containerizer (slave.cpp, executorLaunched: NOT_SUPPORTED).
    const message = 'Abnormal executor termination: unknown container';
    return { failure: { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED', message } };
  }
  try {
    const failure = await fetchInto(sandbox, user, ids.containerId, uris, signal);
    return failure === undefined ? { sandbox, user } : launchFailure(failure);
  } catch (error) {
    return launchFailure(errorText(error));
  }
}
