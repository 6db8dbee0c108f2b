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

export async function createSandbox(workDir: string, ids: SandboxIds, user: UserIds | undefined): Promise<string> {
  const runs = join(workDir, 'slaves', ids.agentId, 'frameworks', ids.frameworkId, 'executors', ids.executorId, 'runs');
  const directory = join(runs, ids.containerId);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const handle = await open(directory);
  try {
    await handle.chmod(0o750);
    if (user !== undefined) await handle.chown(user.uid, user.gid);
  } finally {
    await handle.close();
  }
  const latest = join(runs, 'latest');
  await rm(latest, { force: true });
  await symlink(directory, latest);
  return directory;
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
