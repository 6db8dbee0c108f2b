// A container's directory, where Mesos has it (src/slave/paths.hpp).
import { chown, lchown, mkdir, open, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIds } from './users.js';

export interface SandboxIds {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly containerId: string;
}

const createDirectory = async (directory: string, user: UserIds | undefined): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const handle = await open(directory);
  try {
    await handle.chmod(0o750);
    if (user !== undefined) await handle.chown(user.uid, user.gid);
  } finally {
    await handle.close();
  }
};

export async function createSandbox(workDir: string, ids: SandboxIds, user: UserIds | undefined): Promise<string> {
  const runs = join(workDir, 'slaves', ids.agentId, 'frameworks', ids.frameworkId, 'executors', ids.executorId, 'runs');
  const directory = join(runs, ids.containerId);
  await createDirectory(directory, user);
  const latest = join(runs, 'latest');
  await rm(latest, { force: true });
  await symlink(directory, latest);
  return directory;
}

/** Of a task in a group, below its executor's (src/slave/containerizer/mesos/paths.cpp, getSandboxPath). */
export async function createNestedSandbox(parent: string, containerId: string, user: UserIds | undefined): Promise<string> {
  const directory = join(parent, 'containers', containerId);
  await createDirectory(directory, user);
  return directory;
}

/** By its task's id (default_executor.cpp, __launchGroup). */
export async function linkTaskSandbox(parent: string, containerId: string, taskId: string): Promise<void> {
  await mkdir(join(parent, 'tasks'), { recursive: true });
  const link = join(parent, 'tasks', taskId);
  // A task's id can come again when its task has ended.
  await rm(link, { force: true });
  await symlink(join(parent, 'containers', containerId), link);
}

/** What was fetched belongs to the one whose task uses it. */
export async function giveTo(directory: string, user: UserIds): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await giveTo(path, user);
    else await lchown(path, user.uid, user.gid);
  }
  await chown(directory, user.uid, user.gid);
}
